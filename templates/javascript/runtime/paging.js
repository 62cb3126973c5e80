import { hooks } from "./hooks.js";
import { LIMITS } from "./table.js";

const pick = (object, test) => Object.values(object).find(test);
const listOf = (answer) => pick(answer, (value) => value?.constructor == Object) || {};
const itemsOf = (answer) => pick(listOf(answer), Array.isArray) || [];

/** Every whole answer of a listing, page by page, to the last page or to Flickr's limit. */
export async function* pages(call, method, values, settings) {
  let page = +values?.page || 1;
  for (;;) {
    const answer = await call(values, settings);
    const { continuation, pages: last, has_next_page, perpage, per_page } = listOf(answer);
    yield answer;
    if (
      !itemsOf(answer).length ||
      !(continuation ? continuation != -1 : last ? page < last : +has_next_page)
    ) {
      return;
    }
    if (page++ * (perpage || per_page) >= LIMITS[method]) {
      return hooks.limit?.(method, LIMITS[method]);
    }
    values = { ...values, ...(continuation ? { continuation } : { page }) };
  }
}

/** Every item of a listing, one at a time. */
export async function* all(...listing) {
  for await (const answer of pages(...listing)) {
    yield* itemsOf(answer);
  }
}
