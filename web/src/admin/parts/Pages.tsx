import { Button } from "~/ui/Button";
import { t } from "../text";

/** As much of an infinite query as is needed to go on with it. */
interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage(): unknown;
}

/** Goes on with a list that has another page. */
export function More({ pages }: { pages: Pages }) {
  if (!pages.hasNextPage) return null;
  return (
    <Button className="self-center" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
      {t("page.more")}
    </Button>
  );
}
