/** Objects that are filled at their first use. */

/**
 * Return a proxy of `target`, which `fill` fills at the first use.
 *
 * For every operation on a proxy, the engine first looks up a trap in its handler. This handler then fills
 * the target, and returns the function of Reflect for the same operation.
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
