import { pageSizes } from "./names.js";
import { LIMITS } from "./table.js";
import { FlickrError } from "./errors.js";
import { hooks } from "./hooks.js";

/**
 * Yield the answers of a listing if `whole`, else its items: to the last page, to one that repeats an
 * earlier one, or to Flickr's limit.
 */
export const paging = async function* (whole, call, method, values, settings) {
  const size = pageSizes[method];
  if (!size) {
    throw new FlickrError(method + " lists nothing", { method });
  }
  if (!whole) {
    // Without a known size, "0", Flickr's own default.
    values = { per_page: Number(size) || null, ...values };
  }
  const limit = LIMITS[method];
  const continuations = [];
  let firstPage = 1;
  for (;;) {
    const answer = await call(values, settings);
    // Replies have their paging in their topic; a person's and a photo's tags are one level deeper.
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
    if (whole) {
      yield answer;
    } else {
      yield* items;
    }
    if (reportedPage == 0) {
      // Testimonials count their pages from 0.
      firstPage = 0;
    }
    const page = reportedPage >= 0 ? reportedPage : requestedPage || 1;
    const hasMore = continuation
      ? continuation != -1
      : page < list.pages - 1 + firstPage || Number(list.has_next_page);
    if (!items[0] || !hasMore) {
      return;
    }
    if (page * (list.perpage || list.per_page) >= limit) {
      hooks.limit?.(method, limit);
      return;
    }
    if (continuation) {
      continuations.push(continuation);
    }
    values = { ...values, continuation, page: continuation ? null : page + 1 };
    hooks.nextPage?.(values);
  }
};
