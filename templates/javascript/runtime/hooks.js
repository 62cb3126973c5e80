/**
 * The hooks by which the development edition adds checks, warnings and texts. The production edition omits
 * this module and all calls of hooks, which are therefore statements of their own: `hooks.name?.(…);`
 */
export const hooks = {};
