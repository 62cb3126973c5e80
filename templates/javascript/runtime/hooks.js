/**
 * The checks, warnings and texts that the development edition adds. Production leaves out this module
 * and the calls of hooks, which are therefore statements of their own: `hooks.name?.(…);`
 */
export const hooks = {};
