import { Link } from "@tanstack/react-router";
import { MapPinOff } from "lucide-react";
import { t } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";

export function NotFound() {
  return (
    <EmptyState icon={MapPinOff} title={t("app.notFound.title")} hint={t("app.notFound.body")}>
      <Link to="/">{t("app.notFound.back")}</Link>
    </EmptyState>
  );
}
