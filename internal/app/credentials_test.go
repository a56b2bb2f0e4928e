package app

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

const signedURL = "postgres://omni_webhook@db.example:5433/omni?sslmode=require"

// Credentials that are other ones each time, as a Lambda's are after a while.
func changingCredentials() aws.CredentialsProvider {
	keys := []string{"key-1", "key-2"}
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		key := keys[0]
		keys = keys[1:]
		return aws.Credentials{AccessKeyID: key, SecretAccessKey: "secret", SessionToken: "token"}, nil
	})
}

func TestASignedPasswordIsMadeForEachConnection(t *testing.T) {
	t.Parallel()
	password, err := openPassword(aws.Config{Region: "eu-central-1", Credentials: changingCredentials()}, Config{
		DatabaseURL: signedURL, DatabaseCredentials: "iam",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"key-1", "key-2"} {
		token, err := password(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := url.Parse("https://" + token)
		if err != nil {
			t.Fatal(err)
		}
		query := signed.Query()
		for name, want := range map[string]string{
			"Action": "connect", "DBUser": "omni_webhook", "X-Amz-Expires": "900", "X-Amz-Security-Token": "token",
			"X-Amz-Credential": key + "/" + time.Now().UTC().Format("20060102") + "/eu-central-1/rds-db/aws4_request",
		} {
			if got := query.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if signed.Host != "db.example:5433" || len(query.Get("X-Amz-Signature")) != 64 {
			t.Errorf("the token is %s", token)
		}
	}
}

func TestDatabaseCredentialsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		credentials, url, region, want string
	}{
		"another word":         {"password", signedURL, "eu-central-1", `"password": want iam, secret:ARN or nothing`},
		"no ARN":               {"secret:", signedURL, "eu-central-1", "want iam, secret:ARN or nothing"},
		"no user":              {"iam", "postgres://db/omni?sslmode=require", "eu-central-1", "of the form postgres://USER@HOST:PORT/DATABASE"},
		"no URL":               {"iam", "host=db user=me password=hidden", "eu-central-1", "of the form"},
		"a port with a letter": {"iam", "postgres://me:hidden@db:x/omni", "eu-central-1", "of the form"},
		"perhaps in the clear": {"iam", "postgres://me@db/omni?sslmode=prefer", "eu-central-1", "has to say sslmode=require"},
		"no region":            {"iam", signedURL, "", "AWS_REGION is not set"},
	} {
		_, err := openPassword(aws.Config{Region: test.region}, Config{DatabaseURL: test.url, DatabaseCredentials: test.credentials})
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if password, err := openPassword(aws.Config{}, Config{DatabaseURL: signedURL}); password != nil || err != nil {
		t.Errorf("without credentials: %v", err)
	}
}

func TestAPasswordFromASecretIsRememberedForAMinute(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:secretsmanager:eu-central-1:1:secret:rds!cluster-1"
	v := startVault(t, map[string]string{arn: `{"username": "omni_owner", "password": "first"}`})
	now := time.Now()
	secret := &databaseSecret{api: secretsmanager.NewFromConfig(v.config()), id: arn, now: func() time.Time { return now }}
	want := func(refused bool, password string, calls int) {
		t.Helper()
		got, err := secret.password(t.Context(), refused)
		if err != nil || got != password || len(v.calls()) != calls {
			t.Errorf("got %q, %v after %d calls; want %q after %d", got, err, len(v.calls()), password, calls)
		}
	}
	want(false, "first", 1)
	v.set(arn, `{"username": "omni_owner", "password": "second"}`)
	now = now.Add(rememberPassword - time.Second)
	want(false, "first", 1)
	want(true, "second", 2) // the server refused it: it was rotated
	want(false, "second", 2)
	now = now.Add(rememberPassword)
	want(false, "second", 3)
}

func TestASecretWithoutAPassword(t *testing.T) {
	t.Parallel()
	v := startVault(t, map[string]string{"empty": "", "odd": `s3cret`, "other": `{"username": "s3cret"}`})
	for id, want := range map[string]string{
		"empty": "can't find the specified secret value", "odd": "has to be of the form", "other": "has to be of the form", "foreign": "AccessDenied",
	} {
		password, err := openPassword(v.config(), Config{DatabaseCredentials: "secret:" + id})
		if err != nil {
			t.Fatal(err)
		}
		_, err = password(t.Context(), false)
		if err == nil || !strings.Contains(err.Error(), "reading the secret "+id+": ") || !strings.Contains(err.Error(), want) ||
			strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", id, err)
		}
	}
}
