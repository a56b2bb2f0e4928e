import type { QueryClient } from "@tanstack/react-query";
import { keys } from "../keys";
import type { FeedChange } from "../types";
import type { Fold } from "./context";
import { type ConversationPages, foldConversations } from "./fold-conversations";
import { foldOthers } from "./fold-others";

const folds: Fold[] = [foldConversations, foldOthers];

/** Adds what keeps a room's own part of the cache fresh, mounted or not. */
export function registerFold(fold: Fold): void {
  folds.push(fold);
}

/** Folds changes into the cache. A fold that fails must not keep the others from theirs. */
export function foldChanges(client: QueryClient, changes: FeedChange[]): void {
  for (const fold of folds) {
    try {
      fold(client, changes);
    } catch (error) {
      reportError(error);
    }
  }
}

/** Asks for everything anew, because what is kept may be of any age. What is shown stays until the answers come. */
export function reloadEverything(client: QueryClient): void {
  // Of a list that was scrolled far the first page does: the rest comes by scrolling again.
  for (const [key] of client.getQueriesData<ConversationPages>({ queryKey: keys.allConversations })) {
    client.setQueryData<ConversationPages>(
      key,
      (all) => all && { pages: all.pages.slice(0, 1), pageParams: all.pageParams.slice(0, 1) },
    );
  }
  void client.invalidateQueries();
}
