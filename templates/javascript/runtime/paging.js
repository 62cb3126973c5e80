/** Listings: the pages of a method, and their items. */
import { pageSizes } from "./names.js";
import { LIMITS } from "./table.js";
import { fail } from "./errors.js";
import { hooks } from "./hooks.js";

/**
 * Yield the pages of a listing if `isByPage`, else their items. The listing ends after the last page, before
 * a page that repeats an earlier one, or at Flickr's limit of results.
 */
export const listPages = async function* (isByPage, call, method, values, settings) {
  const size = pageSizes[method];
  if (!size) {
    fail(method + " lists nothing", method);
  }
  if (!isByPage) {
    // If the largest size is unknown ("0"), Flickr's own default.
    values = { per_page: Number(size) || null, ...values };
  }
  const limit = LIMITS[method];
  const continuations = [];
  let firstPage = 1;
  for (;;) {
    const answer = await call(values, settings);
    // Replies have their paging in their topic; tags of a person or a photo are one level deeper.
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
    if (isByPage) {
      yield answer;
    } else {
      yield* items;
    }
    if (reportedPage == 0) {
      // Testimonials number their pages from 0.
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
