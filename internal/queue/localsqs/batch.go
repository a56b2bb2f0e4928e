package localsqs

import "regexp"

const maxBatch = 10 // entries

var batchID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// runBatch does each entry by itself, so that some may fail and the others not.
func runBatch[Entry, Result any](entries []Entry, id func(*Entry) string, do func(*Entry) (Result, error)) (any, error) {
	if err := checkBatch(entries, id); err != nil {
		return nil, err
	}
	out := batchOutput[Result]{Successful: []Result{}, Failed: []batchError{}}
	for i := range entries {
		result, err := do(&entries[i])
		if err != nil {
			e := asError(err)
			out.Failed = append(out.Failed, batchError{id(&entries[i]), e.Code, e.Message, e.senderFault()})
			continue
		}
		out.Successful = append(out.Successful, result)
	}
	return out, nil
}

func checkBatch[Entry any](entries []Entry, id func(*Entry) string) error {
	if len(entries) == 0 {
		return refuseSQS("EmptyBatchRequest", "There should be at least one entry in the request.")
	}
	if len(entries) > maxBatch {
		return refuseSQS("TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.",
			maxBatch, len(entries))
	}
	seen := map[string]bool{}
	for i := range entries {
		name := id(&entries[i])
		if !batchID.MatchString(name) {
			return refuseSQS("InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "+
				"It can be at most 80 letters long.")
		}
		if seen[name] {
			return refuseSQS("BatchEntryIdsNotDistinct", "Id %s repeated.", name)
		}
		seen[name] = true
	}
	return nil
}
