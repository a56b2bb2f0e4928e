import { t as core } from "~/i18n";
import { Skeleton } from "~/ui/Skeleton";

const shapes = ["w-64", "w-40 self-end", "w-72", "w-52", "w-60 self-end", "w-44"];

export function TimelineSkeleton() {
  return (
    <div aria-busy className="flex min-h-0 flex-1 flex-col justify-end gap-3 overflow-hidden p-4">
      <span className="sr-only">{core("app.loading")}</span>
      {shapes.map((shape) => (
        <Skeleton key={shape} className={`h-10 rounded-bubble ${shape}`} />
      ))}
    </div>
  );
}
