/**
 * Return an object like `target`, which `fill` fills at its first use.
 *
 * Whatever is done with a proxy, the engine first asks its handler for a trap. This handler fills the
 * target then, and answers with the function of Reflect that does the same without a proxy.
 */
export const lazyObject = (target, fill) =>
  new Proxy(
    target,
    new Proxy(Reflect, {
      get(reflect, trap) {
        fill?.(target);
        fill = null;
        return reflect[trap];
      },
    }),
  );
