import { CloudOff, UserX } from "lucide-react";
import { useEffect } from "react";
import { Problem } from "~/api/problem";
import { useMe } from "~/api/queries";
import { t } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { Spinner } from "~/ui/Spinner";
import { applyPreferences, preferencesOf } from "./preferences";
import { RealTimeProvider } from "./RealTimeProvider";
import { Shell } from "./Shell";

/** Lets the agent in once the server has said who they are. */
export function Entry() {
  const { data: me, error, refetch } = useMe();
  useEffect(() => {
    if (me) applyPreferences(preferencesOf(me.preferences));
  }, [me]);
  const shut = !me && error !== null;
  const disabled = error instanceof Problem && error.code === "agent_disabled";
  useEffect(() => {
    if (!shut) return;
    const timer = setInterval(() => void refetch(), disabled ? 60_000 : 5_000);
    return () => clearInterval(timer);
  }, [shut, disabled, refetch]);

  if (disabled) return <Shut icon={UserX} title={t("session.disabled.title")} hint={t("session.disabled.body")} />;
  if (shut) return <Unreached detail={error instanceof Problem ? error.message : undefined} />;
  if (!me) return <Loading />;
  return (
    <RealTimeProvider loading={<Loading />} unreached={<Unreached />}>
      <Shell />
    </RealTimeProvider>
  );
}

const Unreached = ({ detail }: { detail?: string }) => (
  <Shut icon={CloudOff} title={t("session.unreachable.title")} hint={detail ?? t("session.unreachable.body")} />
);

const Shut = (props: { icon: typeof UserX; title: string; hint: string }) => (
  <main className="h-full">
    <EmptyState alert {...props} />
  </main>
);

const Loading = () => (
  <main className="flex h-full items-center justify-center gap-3 text-text-2">
    <Spinner />
    {t("app.loading")}
  </main>
);
