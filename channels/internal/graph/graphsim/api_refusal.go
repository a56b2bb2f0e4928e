package graphsim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// refusal is an error as the Graph API words it.
type refusal struct {
	code    int
	subcode int // 0: none
	message string
	status  int           // of HTTP; 0: 400
	wait    time.Duration // until there is access again; 0: Meta does not say
}

func refuse(code int, format string, args ...any) *refusal {
	return &refusal{code: code, message: fmt.Sprintf("(#%d) ", code) + fmt.Sprintf(format, args...)}
}

// sub is the refusal with a subcode.
func (r *refusal) sub(subcode int) *refusal {
	r.subcode = subcode
	return r
}

// write answers with the error. One without a code is not the Graph API's: something before it broke.
func (r *refusal) write(w http.ResponseWriter) {
	if r.wait > 0 {
		minutes := (r.wait + time.Minute - 1) / time.Minute
		usage := M{"1": []M{{"type": "messenger", "call_count": 100, "estimated_time_to_regain_access": int(minutes)}}}
		w.Header().Set("X-Business-Use-Case-Usage", string(Encode(usage)))
	}
	if r.code == 0 {
		http.Error(w, r.message, r.status)
		return
	}
	body := M{"message": r.message, "type": "OAuthException", "code": r.code, "fbtrace_id": "AbCdEfGh"}
	if r.subcode != 0 {
		body["error_subcode"] = r.subcode
	}
	w.WriteHeader(cmp.Or(r.status, http.StatusBadRequest))
	_ = json.NewEncoder(w).Encode(M{"error": body})
}
