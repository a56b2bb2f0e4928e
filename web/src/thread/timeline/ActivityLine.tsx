import { ChevronDown } from "lucide-react";
import { useState } from "react";
import type { Activity } from "~/api/types";
import { Time } from "~/ui/Time";
import { t } from "../text";
import { wordsFor } from "./activity-words";

/** What happened to the conversation. A run of it is one line until somebody asks for all. */
export function ActivityLine({ activities }: { activities: Activity[] }) {
  const [open, setOpen] = useState(false);
  const [first] = activities;
  if (activities.length === 1 && first) {
    return (
      <p className={line}>
        <Words activity={first} />
      </p>
    );
  }
  return (
    <div className={line}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="touch-target inline-flex min-h-6 items-center gap-1 rounded-control px-2 hover:bg-raised"
      >
        {t("activity.run", { n: activities.length })}
        <ChevronDown aria-hidden size={14} className={open ? "rotate-180" : ""} />
      </button>
      {open && (
        <ul>
          {activities.map((activity) => (
            <li key={activity.id}>
              <Words activity={activity} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const line = "px-8 py-2 text-center text-meta text-text-3";

function Words({ activity }: { activity: Activity }) {
  return (
    <>
      {wordsFor(activity)} · <Time at={activity.at} as="clock" />
    </>
  );
}
