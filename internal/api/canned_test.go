package api_test

import (
	"net/http"
	"testing"

	_ "omni/gen/dispatch"
	"omni/internal/api"
	"omni/internal/api/apitest"
)

func TestCannedReplies(t *testing.T) {
	t.Parallel()
	d := apitest.New(t)
	boss, ada, ben := d.Admin("boss"), d.Agent("ada"), d.Agent("ben")
	const path = "/v1/canned-replies"
	var shared, own api.CannedReply
	boss.Want(http.StatusCreated, http.MethodPost, path, `{"shortcut":"hours","title":"Opening hours","text":"We open at {{hour}}.","shared":true,"channels":["telegram"]}`, &shared)
	ada.Want(http.StatusCreated, http.MethodPost, path, `{"shortcut":"Hours","title":"Mine","text":"Nine."}`, &own)
	if !shared.Shared || own.Shared || len(own.Channels) != 0 || shared.Channels[0] != "telegram" {
		t.Errorf("%+v, %+v", shared, own)
	}
	for name, body := range map[string]string{
		"a shared one is taken": `{"shortcut":"HOURS","title":"x","text":"x","shared":true}`, "one's own is taken": `{"shortcut":"hours","title":"x","text":"x"}`,
	} {
		client, status, code := ada, http.StatusConflict, "taken"
		if name == "a shared one is taken" {
			client = boss
		}
		client.WantProblem(status, code, http.MethodPost, path, body)
	}
	ada.WantProblem(http.StatusForbidden, "forbidden", http.MethodPost, path, `{"shortcut":"x","title":"x","text":"x","shared":true}`)
	ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, path, `{"shortcut":"two words","title":"x","text":"x"}`)
	if p := ada.WantProblem(http.StatusUnprocessableEntity, "validation", http.MethodPost, path, `{"shortcut":"x","title":"x","text":"x","channels":["pigeon"]}`); p.Errors[0].Location != "body.channels" {
		t.Errorf("%+v", p)
	}

	for name, test := range map[string]struct {
		client *apitest.Client
		want   []string
	}{
		"ada": {ada, []string{own.ID.String(), shared.ID.String()}}, "ben": {ben, []string{shared.ID.String()}},
	} {
		var list api.List[api.CannedReply]
		test.client.Want(http.StatusOK, http.MethodGet, path, nil, &list)
		var got []string
		for _, r := range list.Items {
			got = append(got, r.ID.String())
		}
		t.Log(name)
		want(t, got, test.want...)
	}

	mine, everybodys := path+"/"+own.ID.String(), path+"/"+shared.ID.String()
	ben.WantProblem(http.StatusNotFound, "not_found", http.MethodPatch, mine, `{"title":"Ours"}`)
	ben.WantProblem(http.StatusNotFound, "not_found", http.MethodDelete, mine, nil)
	ben.WantProblem(http.StatusNotFound, "not_found", http.MethodPost, mine+"/used", nil)
	ada.WantProblem(http.StatusForbidden, "forbidden", http.MethodPatch, everybodys, `{"title":"Ours"}`)
	ada.WantProblem(http.StatusForbidden, "forbidden", http.MethodDelete, everybodys, nil)
	ada.WantProblem(http.StatusForbidden, "forbidden", http.MethodPatch, mine, `{"shared":true}`)

	var changed api.CannedReply
	ada.Want(http.StatusOK, http.MethodPatch, mine, `{"text":"Ten.","channels":["whatsapp"]}`, &changed)
	if changed.Text != "Ten." || changed.Title != "Mine" || changed.Shortcut != "Hours" || changed.Shared || len(changed.Channels) != 1 {
		t.Errorf("changed to %+v", changed)
	}
	boss.Want(http.StatusOK, http.MethodPatch, everybodys, `{"shared":false}`, &changed)
	ben.WantProblem(http.StatusNotFound, "not_found", http.MethodPost, everybodys+"/used", nil)
	for range 2 {
		ada.Want(http.StatusNoContent, http.MethodPost, mine+"/used", nil, nil)
	}
	var list api.List[api.CannedReply]
	ada.Want(http.StatusOK, http.MethodGet, path, nil, &list)
	if len(list.Items) != 1 || list.Items[0].Uses != 2 {
		t.Errorf("%+v", list.Items)
	}
	ada.Want(http.StatusNoContent, http.MethodDelete, mine, nil, nil)
	ada.Want(http.StatusOK, http.MethodGet, path, nil, &list)
	if len(list.Items) != 0 {
		t.Errorf("still there: %+v", list.Items)
	}
}
