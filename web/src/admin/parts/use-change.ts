import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { type Api } from "~/api/client";
import { useApi } from "~/api/context";
import { Problem } from "~/api/problem";
import { useToasts } from "~/ui/toasts";

interface Change<In, Out> {
  change(api: Api, input: In): Promise<Out>;
  /** What is out of date afterwards. */
  stale: QueryKey[];
  /** What did not happen, where it fails. */
  failed: string;
  done?(out: Out, input: In): void;
}

/**
 * useChange changes something on the server. What failed is told in a toast, unless it is about a field of a form: then the form that was sent tells it
 * beside the field, from `problem`.
 */
export function useChange<In, Out>({ change, stale, failed, done }: Change<In, Out>) {
  const api = useApi();
  const client = useQueryClient();
  const toasts = useToasts();
  const mutation = useMutation({
    mutationFn: (input: In) => change(api, input),
    onSuccess: (out, input) => done?.(out, input),
    onError: (error) => {
      if (!isAboutFields(error)) toasts.failure(error, failed);
    },
    onSettled: () => Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  const problem = isAboutFields(mutation.error) ? mutation.error : undefined;
  return { ...mutation, problem };
}

const isAboutFields = (error: unknown): error is Problem =>
  error instanceof Problem && error.errors.some(({ location }) => location.startsWith("body."));
