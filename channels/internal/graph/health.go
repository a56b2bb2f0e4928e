package graph

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"omni/channels"
)

// Health asks Meta about an access token: whose it is, and, for those that Facebook issues, when it ends and what it may do. The latter
// takes the app's id and secret; without them it is left out.
func Health(ctx context.Context, env channels.Env, host string, permissions ...string) (channels.Health, error) {
	if err := env.Secrets.Need(AccessToken); err != nil {
		return channels.Health{}, err
	}
	token := env.Secrets.First(AccessToken)
	me, err := Me(ctx, NewClient(env, host, token), "", "")
	if err != nil {
		return channels.Health{}, err
	}
	health := channels.Health{Name: fmt.Sprintf("%s (%s)", me.Name, me.ID)}
	if host != FacebookHost || env.Secrets.Need(AppID, AppSecret) != nil {
		return health, nil
	}
	said, err := debugToken(ctx, env, token)
	if err != nil {
		return channels.Health{}, err
	}
	if said.ExpiresAt > 0 {
		health.Expires = time.Unix(said.ExpiresAt, 0).UTC()
	}
	health.Lacks = slices.DeleteFunc(permissions, func(p string) bool { return slices.Contains(said.Scopes, p) })
	return health, nil
}

// tokenInfo is what Meta tells an app about a token.
// Source: developers.facebook.com/docs/graph-api/reference/debug_token.
type tokenInfo struct {
	AppID     string   `json:"app_id"`
	Valid     bool     `json:"is_valid"`
	ExpiresAt int64    `json:"expires_at"` // seconds; 0: never
	Scopes    []string `json:"scopes"`
}

// debugToken asks about a token in the name of the app. Meta takes the token that is asked about as a parameter only.
func debugToken(ctx context.Context, env channels.Env, token string) (tokenInfo, error) {
	id := env.Secrets.First(AppID)
	app := NewClient(env, FacebookHost, id+"|"+env.Secrets.First(AppSecret))
	var answer struct {
		Data tokenInfo `json:"data"`
	}
	if err := app.Get(ctx, "debug_token", url.Values{"input_token": {token}}, &answer); err != nil {
		return tokenInfo{}, fmt.Errorf("asking about the %s: %w", AccessToken, err)
	}
	switch info := answer.Data; {
	case !info.Valid:
		return tokenInfo{}, fmt.Errorf("%w: the %s is not valid", channels.ErrCredentials, AccessToken)
	case info.AppID != id:
		return tokenInfo{}, fmt.Errorf("%w: the %s was made for app %s, not for app %s", channels.ErrCredentials, AccessToken, info.AppID, id)
	default:
		return info, nil
	}
}
