/** Suggestions for unknown names. */

/** Return the edit distance (Levenshtein) of two names. */
const distance = (left, right) => {
  let row = [...Array(right.length + 1).keys()];
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const swap = row[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      next[j] = Math.min(swap, row[j] + 1, next[j - 1] + 1);
    }
    row = next;
  }
  return row.at(-1);
};

/** Return `; did you mean …?` with the name nearest to `name`, or an empty text if none is near. */
export const suggest = (name, names) => {
  const ranked = names.map((other) => [distance(name.toLowerCase(), other.toLowerCase()), other]);
  const [best] = ranked.sort((a, b) => a[0] - b[0]);
  return best && best[0] <= Math.max(2, name.length / 2) ? `; did you mean ${best[1]}?` : "";
};
