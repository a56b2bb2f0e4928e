import { isAway } from "../chat/state";
import { Icon, IconButton } from "./Icon";
import type { Viewed } from "./view";

export function Header({ view: { state, t, open, logo } }: Viewed) {
  return (
    <div class="header">
      {logo ? <img class="logo" src={logo} alt="" /> : <span class="logo">{<Icon name="chat" size={22} />}</span>}
      <div class="heading">
        <h2 id="title">{t("title")}</h2>
        <p>{isAway(state) ? t("subtitle.away") : t("subtitle")}</p>
      </div>
      <IconButton icon="close" size={20} name={t("close")} onClick={() => open(false)} />
    </div>
  );
}
