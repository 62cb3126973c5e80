/** `target`, which `fill` fills when it is first looked at, in whatever way. */
export const later = (target, fill) =>
  new Proxy(
    target,
    new Proxy(Reflect, {
      get(all, trap) {
        // It returns nothing.
        fill &&= fill(target);
        return all[trap];
      },
    }),
  );
