/** Where the development edition adds its checks and warnings; empty in production. */
export const hooks = {};
