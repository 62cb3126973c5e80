/** Suggestions for unknown names. */

/** Return the edit distance of two names; two swapped letters count as one edit (optimal string alignment). */
const distance = (left, right) => {
  let before;
  let row = [...Array(right.length + 1).keys()];
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const replaced = row[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, row[j] + 1, next[j - 1] + 1);
      if (before && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        next[j] = Math.min(next[j], before[j - 2] + 1);
      }
    }
    [before, row] = [row, next];
  }
  return row.at(-1);
};

/** Return the number of edits between two words, or infinity if they are not near. */
const rankWord = (word, other) => {
  const [left, right] = [word, other].map((text) => text.toLowerCase().replaceAll("_", ""));
  const most = Math.max(1, left.length / 3);
  const edits = distance(left, right);
  if (edits <= most) {
    return edits;
  }
  // The beginning of a name is near, but a name with few edits is nearer.
  return left.length > 3 && right.startsWith(left) ? most + 1 : Infinity;
};

/** Return the number of edits between two names with dots; each part must be near. */
const rankName = (name, other) => {
  const [left, right] = [name, other].map((text) => text.split("."));
  return left.length == right.length
    ? left.reduce((sum, word, place) => sum + rankWord(word, right[place]), 0)
    : Infinity;
};

/** Return the name nearest to `name`, or nothing if none is near. */
export const findNearest = (name, names) => {
  const ranked = names.map((other) => [rankName(name, other), other]);
  const [best] = ranked.sort((a, b) => a[0] - b[0]);
  return best?.[0] < Infinity ? best[1] : undefined;
};

/** Return `; did you mean …?` with the name nearest to `name`, or an empty text if none is near. */
export const suggest = (name, names) => {
  const nearest = findNearest(name, names);
  return nearest ? `; did you mean ${nearest}?` : "";
};
