import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { inject } from "vitest";

/** sql changes the server's own database, for what takes a day in life: a window that closes, a message that cannot be processed. */
export async function sql(statement: string): Promise<string> {
  const { stdout } = await promisify(execFile)("psql", [
    inject("server").database,
    "--no-psqlrc",
    "--quiet",
    "--tuples-only",
    "--no-align",
    "--set=ON_ERROR_STOP=1",
    "--command",
    statement,
  ]);
  return stdout.trim();
}

/** text is a literal of SQL. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** closeWindow lets the time for answers of the contact's conversations end, as after a day of silence. */
export async function closeWindow(contact: string): Promise<void> {
  await sql(`
    UPDATE conversations SET window_expires_at = now() - interval '1 hour'
    FROM contacts WHERE contacts.id = conversations.contact_id AND contacts.name = ${text(contact)}`);
}

/** fail is what stays of an answer that the platform gives up hours after it took it. */
export async function fail(answer: string, code: string, reason: string): Promise<void> {
  await sql(`
    UPDATE messages SET status = 'failed', error_code = ${text(code)}, error_reason = ${text(reason)}
    WHERE direction = 'out' AND messages.text = ${text(answer)}`);
}

/** dies is a message from the channel whose bytes nobody can read, and that was given up for the reason. */
export async function dies(channel: string, raw: string, reason: string): Promise<void> {
  await sql(`
    INSERT INTO messages (id, channel_account_id, thread, lane, external_id, state, reason, raw, webhook_log_id, processed_at)
    SELECT gen_random_uuid(), channel_account_id, 'dead', lane, 'dead-' || gen_random_uuid(), 'dead', ${text(reason)}, convert_to(${text(raw)}, 'UTF8'), webhook_log_id, now()
    FROM messages JOIN channel_accounts ON channel_accounts.id = channel_account_id
    WHERE channel = ${text(channel)} AND direction = 'in' ORDER BY seq LIMIT 1`);
}
