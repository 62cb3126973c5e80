/**
 * Where the development edition adds its checks and warnings. Production leaves out this module and
 * the calls of hooks, which are therefore statements of their own: `hooks.name?.(…);`
 */
export const hooks = {};
