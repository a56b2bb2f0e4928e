import { Copy } from "lucide-react";
import { IconButton } from "~/ui/IconButton";
import { useToasts } from "~/ui/toasts";
import { t } from "./text";

export function CopyButton({ value, label }: { value: string; label: string }) {
  const { show } = useToasts();
  const copy = () => void navigator.clipboard.writeText(value).then(() => show({ text: t("field.copied") }));
  return <IconButton icon={Copy} label={label} onClick={copy} className="size-6" />;
}
