import { FlickrError } from "./errors.js";
import { hooks } from "./hooks.js";
import { pageSizes } from "./names.js";
import { LIMITS } from "./table.js";

/**
 * The answers of a listing, `whole` or else item by item, to the last page, to one that repeats an
 * earlier one, or to Flickr's limit.
 */
export const paging = async function* (whole, call, method, values, settings) {
  const size = pageSizes[method];
  if (!size) {
    throw new FlickrError(method + " lists nothing", { method });
  }
  if (!whole) {
    values = { per_page: +size || null, ...values };
  }
  const continuations = [];
  // Testimonials count their pages from 0.
  let first = 1;
  for (;;) {
    const answer = await call(values, settings);
    // The replies to a topic tell their pages in the topic; a person's and a photo's tags lie deeper.
    const parts = { ...answer, ...answer.replies, ...answer.who, ...answer.photo };
    const list = Object.assign({}, ...Object.values(parts));
    const items = Object.values(list).find(Array.isArray) || [];
    const { continuation } = list;
    const requestedPage = parseInt(values?.page) || 0;
    const reportedPage = parseInt(list.page);
    if (
      continuations.includes(continuation) ||
      (requestedPage && reportedPage >= 0 && reportedPage != requestedPage)
    ) {
      hooks.repeat?.(method, requestedPage, reportedPage);
      return;
    }
    yield* whole ? [answer] : items;
    if (reportedPage == 0) {
      first = 0;
    }
    let page = reportedPage >= 0 ? reportedPage : requestedPage || 1;
    if (
      !items[0] ||
      !(continuation ? continuation != -1 : page < list.pages - 1 + first || +list.has_next_page)
    ) {
      return;
    }
    if (page++ * (list.perpage || list.per_page) >= LIMITS[method]) {
      hooks.limit?.(method, LIMITS[method]);
      return;
    }
    if (continuation) {
      continuations.push(continuation);
    }
    values = { ...values, continuation, page: continuation ? null : page };
    hooks.nextPage?.(values);
  }
};
