package api_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"omni/internal/api"
	"omni/internal/api/apitest"
)

func TestLabels(t *testing.T) {
	t.Parallel()
	d := apitest.New(t)
	boss, ada := d.Admin("boss"), d.Agent("ada")
	var vip, late api.Label
	boss.Want(http.StatusCreated, http.MethodPost, "/v1/labels", `{"name":" VIP ","color":"#FF8800"}`, &vip)
	boss.Want(http.StatusCreated, http.MethodPost, "/v1/labels", `{"name":"late","color":"#000000"}`, &late)
	if vip.Name != "VIP" || vip.Color != "#ff8800" {
		t.Errorf("made %+v", vip)
	}
	boss.WantProblem(http.StatusConflict, "taken", http.MethodPost, "/v1/labels", `{"name":"vip","color":"#000000"}`)
	boss.WantProblem(http.StatusConflict, "taken", http.MethodPatch, "/v1/labels/"+late.ID.String(), `{"name":"Vip"}`)
	boss.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, "/v1/labels", `{"name":"  ","color":"#000000"}`)
	boss.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, "/v1/labels", `{"name":"red","color":"red"}`)

	var changed api.Label
	boss.Want(http.StatusOK, http.MethodPatch, "/v1/labels/"+late.ID.String(), `{"color":"#00ff00"}`, &changed)
	if changed.Name != "late" || changed.Color != "#00ff00" {
		t.Errorf("changed to %+v", changed)
	}
	boss.WantProblem(http.StatusNotFound, "not_found", http.MethodPatch, "/v1/labels/"+uuid.NewString(), `{"color":"#00ff00"}`)

	var list api.List[api.Label]
	ada.Want(http.StatusOK, http.MethodGet, "/v1/labels", nil, &list)
	if len(list.Items) != 2 || list.Items[0].ID != late.ID || list.Items[1].ID != vip.ID {
		t.Errorf("not by name: %+v", list.Items)
	}
	boss.Want(http.StatusNoContent, http.MethodDelete, "/v1/labels/"+vip.ID.String(), nil, nil)
	boss.WantProblem(http.StatusNotFound, "not_found", http.MethodDelete, "/v1/labels/"+vip.ID.String(), nil)
	ada.Want(http.StatusOK, http.MethodGet, "/v1/labels", nil, &list)
	if len(list.Items) != 1 {
		t.Errorf("still there: %+v", list.Items)
	}

	var log api.Page[api.AuditEntry]
	boss.Want(http.StatusOK, http.MethodGet, "/v1/audit?action=label.*", nil, &log)
	var actions []string
	for _, entry := range log.Items {
		actions = append(actions, entry.Action)
		if entry.Agent == nil || entry.Agent.Name != "boss" || entry.Object == nil {
			t.Errorf("%+v", entry)
		}
	}
	want(t, actions, "label.deleted", "label.changed", "label.created", "label.created")
	if got := string(log.Items[1].Detail); got != `{"color":{"was":"#000000","is":"#00ff00"}}` {
		t.Errorf("the log says %s", got)
	}
	want(t, feed(t, d), "agents.updated", "labels.updated", "labels.updated", "labels.updated", "agents.updated", "labels.updated")
}
