package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/rds/auth"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"omni/internal/store"
)

// openPassword returns what DATABASE_CREDENTIALS names; nil: the password, if there is one, is in the URL.
func openPassword(config aws.Config, c Config) (store.Password, error) {
	kind, where, _ := strings.Cut(c.DatabaseCredentials, ":")
	switch {
	case c.DatabaseCredentials == "":
		return nil, nil
	case c.DatabaseCredentials == "iam":
		return signedPassword(config, c.DatabaseURL)
	case kind == "secret" && where != "":
		secret := &databaseSecret{api: secretsmanager.NewFromConfig(config), id: where, now: time.Now}
		return secret.password, nil
	}
	return nil, fmt.Errorf("DATABASE_CREDENTIALS=%q: want iam, secret:ARN or nothing", c.DatabaseCredentials)
}

// signedPassword makes passwords for Amazon's IAM authentication: signed for one host, port and user, and good for a quarter of an hour, so each
// connection gets its own. Signing calls nobody.
// Source: docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html
func signedPassword(config aws.Config, databaseURL string) (store.Password, error) {
	u, err := url.Parse(databaseURL)
	if err != nil || u.Hostname() == "" || u.User.Username() == "" {
		return nil, errors.New("DATABASE_CREDENTIALS=iam: DATABASE_URL has to be of the form postgres://USER@HOST:PORT/DATABASE")
	}
	// The password is sent as it is, so nobody but the server may read it.
	if mode := u.Query().Get("sslmode"); mode != "require" && mode != "verify-ca" && mode != "verify-full" {
		return nil, errors.New("DATABASE_CREDENTIALS=iam: DATABASE_URL has to say sslmode=require or sslmode=verify-full")
	}
	if config.Region == "" {
		return nil, errors.New("DATABASE_CREDENTIALS=iam: AWS_REGION is not set")
	}
	port := u.Port()
	if port == "" {
		port = "5432"
	}
	endpoint := net.JoinHostPort(u.Hostname(), port)
	return func(ctx context.Context, _ bool) (string, error) {
		return auth.BuildAuthToken(ctx, endpoint, config.Region, u.User.Username(), config.Credentials)
	}, nil
}

// secretsAPI is the call of Secrets Manager that functions make.
type secretsAPI interface {
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
}

// rememberPassword is how long a password that came from a secret is used for new connections. One that the server refuses is forgotten at once: it
// was rotated.
const rememberPassword = time.Minute

// databaseSecret is a user's password in Secrets Manager, as RDS keeps and rotates it: {"username": "...", "password": "..."}.
type databaseSecret struct {
	api secretsAPI
	id  string // ARN
	now func() time.Time

	mu     sync.Mutex
	known  string
	readAt time.Time
}

// password is a [store.Password].
func (s *databaseSecret) password(ctx context.Context, refused bool) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !refused && s.known != "" && s.now().Sub(s.readAt) < rememberPassword {
		return s.known, nil
	}
	password, err := s.read(ctx)
	if err != nil {
		return "", fmt.Errorf("reading the secret %s: %w", s.id, err)
	}
	s.known, s.readAt = password, s.now()
	return password, nil
}

func (s *databaseSecret) read(ctx context.Context) (string, error) {
	out, err := s.api.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &s.id})
	if err != nil {
		return "", err
	}
	var value struct{ Password string }
	if json.Unmarshal([]byte(aws.ToString(out.SecretString)), &value) != nil || value.Password == "" {
		return "", errors.New(`its value has to be of the form {"username": "...", "password": "..."}`)
	}
	return value.Password, nil
}
