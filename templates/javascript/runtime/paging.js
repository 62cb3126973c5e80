import { hooks } from "./hooks.js";
import { LIMITS } from "./table.js";

/**
 * The answers of a listing, `whole` or else item by item, to the last page or to Flickr's limit.
 */
export const paging = async function* (whole, call, method, values, settings) {
  let page = +values?.page || 1;
  for (;;) {
    const answer = await call(values, settings);
    // The replies to a topic tell their pages in the topic.
    const list = Object.assign({}, ...Object.values({ ...answer, ...answer.replies }));
    const items = Object.values(list).find(Array.isArray) || [];
    const { continuation } = list;
    yield* whole ? [answer] : items;
    if (
      !items[0] ||
      !(continuation ? continuation != -1 : page < list.pages || +list.has_next_page)
    ) {
      return;
    }
    if (page++ * (list.perpage || list.per_page) >= LIMITS[method]) {
      hooks.limit?.(method, LIMITS[method]);
      return;
    }
    values = { ...values, continuation, page: continuation ? null : page };
  }
};
