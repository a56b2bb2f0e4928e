import { useMe } from "~/api/queries";
import type { Me } from "~/api/types";
import { Loaded } from "~/admin/parts/Loaded";
import { Page } from "~/admin/parts/Page";
import { Keyboard } from "./Keyboard";
import { Look } from "./Look";
import { Notifications } from "./Notifications";
import { Profile } from "./Profile";
import { t } from "./text";
import { Writing } from "./Writing";

export function YouPage() {
  const me = useMe();
  return (
    <Page title={t("title")} intro={t("intro")}>
      <Loaded query={me}>{(found: Me) => <Sections me={found} />}</Loaded>
    </Page>
  );
}

function Sections({ me }: { me: Me }) {
  return (
    <>
      <Profile me={me} />
      <Look />
      <Writing />
      <Notifications />
      <Keyboard />
    </>
  );
}
