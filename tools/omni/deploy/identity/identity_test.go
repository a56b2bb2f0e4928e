package identity

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// server answers as AWS's Security Token Service does.
func server(t *testing.T, status int, body string) aws.Config {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil || r.Form.Get("Action") != "GetCallerIdentity" || r.Header.Get("Authorization") == "" {
			t.Errorf("unexpected request: %v, %v", r.Form, err)
		}
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(s.Close)
	return aws.Config{
		BaseEndpoint: &s.URL, Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "x", ""),
		RetryMaxAttempts: 1,
	}
}

func refusal(code string) string {
	return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>` + code +
		`</Code><Message>the original text</Message></Error><RequestId>1</RequestId></ErrorResponse>`
}

func TestCheck(t *testing.T) {
	t.Parallel()
	config := server(t, http.StatusOK, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
		<Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	got, err := Check(t.Context(), config)
	if want := (Caller{Account: "123456789012", ARN: "arn:aws:iam::123456789012:user/ada", Region: "eu-central-1"}); got != want || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRefusalsInPlainWords(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"ExpiredToken":          "have expired. Sign in again",
		"InvalidClientTokenId":  "does not know these credentials",
		"SignatureDoesNotMatch": "does not belong to the access key",
		"AccessDenied":          "may not do this",
		"SomethingElse":         "asking AWS who you are",
	} {
		_, err := Check(t.Context(), server(t, http.StatusForbidden, refusal(code)))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "the original text") {
			t.Errorf("%s: %v, want %q and the original", code, err, want)
		}
	}
}

func TestNoCredentials(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	t.Setenv("AWS_SESSION_TOKEN", "")
	t.Setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "")
	t.Setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "")
	t.Setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_PROFILE", "")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "none"))
	loaded, err := Load(t.Context(), "eu-west-1")
	if err != nil || loaded.Region != "eu-west-1" {
		t.Fatal(loaded.Region, err)
	}
	if _, err := Check(t.Context(), loaded); err == nil || !strings.Contains(err.Error(), "There are no AWS credentials here") {
		t.Errorf("%v", err)
	}
	t.Setenv("AWS_PROFILE", "nobody")
	if _, err := Load(context.Background(), ""); err == nil || !strings.Contains(err.Error(), "AWS_PROFILE names a profile") {
		t.Errorf("%v", err)
	}
}

func TestExplainLeavesOtherErrorsAlone(t *testing.T) {
	t.Parallel()
	plain := errors.New("something else")
	if got := Explain(plain); got != plain || Explain(nil) != nil { //nolint:errorlint // the very same
		t.Errorf("%v", got)
	}
}
