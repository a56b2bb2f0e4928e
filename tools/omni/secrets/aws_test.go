package secrets

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"omni/internal/mototest"
)

// startSecretsManager runs one until the test ends and returns its client.
func startSecretsManager(t *testing.T) *secretsmanager.Client {
	t.Helper()
	url := mototest.Start(t, "Secrets Manager")
	return secretsmanager.New(secretsmanager.Options{
		BaseEndpoint: &url, Region: "us-east-1", RetryMaxAttempts: 1, Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
	})
}

func createSecret(t *testing.T, client *secretsmanager.Client, name string) {
	t.Helper()
	if _, err := client.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: &name}); err != nil {
		t.Fatal(err)
	}
}

func TestSecretsManager(t *testing.T) {
	t.Parallel()
	client := startSecretsManager(t)
	t.Run("keeps to the rules of a store", func(t *testing.T) {
		t.Parallel()
		createSecret(t, client, "rules/channels/chat")
		testStore(t, &AWS{client: client, prefix: "rules", region: "us-east-1"})
		left, err := client.DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: aws.String("rules/channels/chat")})
		if err != nil {
			t.Fatal(err)
		}
		for id, stages := range left.VersionIdsToStages {
			if label := fmt.Sprint(stages); strings.Contains(label, "omni-") {
				t.Errorf("version %s keeps its labels %s", id, label)
			}
		}
	})
	t.Run("a change by somebody else is not lost", func(t *testing.T) {
		t.Parallel()
		createSecret(t, client, "race/channels/chat")
		quiet := &AWS{client: client, prefix: "race", region: "us-east-1"}
		enter := func(store Store, account string) {
			t.Helper()
			if _, err := Set(t.Context(), store, Target{Spec: chat, Account: account}, map[string]Values{"app_secret": {"s"}}, false); err != nil {
				t.Fatal(err)
			}
		}
		enter(quiet, "first")
		racing := &interrupted{client: client, meanwhile: func() { enter(quiet, "theirs") }}
		enter(&AWS{client: racing, prefix: "race", region: "us-east-1"}, "ours")
		accounts, _, err := quiet.Read(t.Context(), "chat")
		if len(accounts) != 3 || err != nil || racing.puts != 2 {
			t.Errorf("accounts %v after %d writes, %v, want three after two", accounts, racing.puts, err)
		}
	})
	t.Run("a secret that the deploy has not made", func(t *testing.T) {
		t.Parallel()
		_, _, err := (&AWS{client: client, prefix: "nobody", region: "us-east-1"}).Read(t.Context(), "chat")
		if err == nil || !strings.Contains(err.Error(), "there is no secret nobody/channels/chat in us-east-1: the deploy makes it") {
			t.Errorf("%v", err)
		}
	})
	t.Run("a secret that is going to be deleted", func(t *testing.T) {
		t.Parallel()
		createSecret(t, client, "going/channels/chat")
		store := &AWS{client: client, prefix: "going", region: "us-east-1"}
		if _, err := Set(t.Context(), store, shop, map[string]Values{"app_secret": {"s"}}, false); err != nil {
			t.Fatal(err)
		}
		if _, err := client.DeleteSecret(t.Context(), &secretsmanager.DeleteSecretInput{SecretId: aws.String("going/channels/chat")}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := store.Read(t.Context(), "chat"); err == nil || !strings.Contains(err.Error(), "scheduled for deletion") {
			t.Errorf("%v", err)
		}
	})
}

// interrupted lets somebody else write between our reading and our first write.
type interrupted struct {
	client
	meanwhile func()
	puts      int
}

func (c *interrupted) PutSecretValue(ctx context.Context, in *secretsmanager.PutSecretValueInput, o ...func(*secretsmanager.Options)) (*secretsmanager.PutSecretValueOutput, error) {
	if c.puts++; c.puts == 1 {
		c.meanwhile()
	}
	return c.client.PutSecretValue(ctx, in, o...)
}

// taken is a Secrets Manager in which somebody else has just entered the first value.
type taken struct{ client }

func (taken) PutSecretValue(context.Context, *secretsmanager.PutSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.PutSecretValueOutput, error) {
	return nil, &types.ResourceExistsException{}
}

func TestOfTwoFirstValuesOneIsRefused(t *testing.T) {
	t.Parallel()
	store := &AWS{client: taken{}, prefix: "omni"}
	if err := store.Write(t.Context(), "chat", Accounts{}, ""); !errors.Is(err, ErrChanged) {
		t.Errorf("%v, want %v", err, ErrChanged)
	}
}

func TestCommandsNameTheStore(t *testing.T) {
	t.Parallel()
	store := NewAWS(aws.Config{Region: "eu-central-1"}, "prod")
	for want, got := range map[string]string{
		"omni secrets set bot/ACCOUNT --aws --prefix prod --region eu-central-1": SetCommand(store, bot, ""),
		"omni secrets set chat --aws --prefix prod --region eu-central-1":        SetCommand(store, chat, "default"),
		"omni secrets set chat/shop --file x.json":                               SetCommand(File{Path: "x.json", Named: true}, chat, "shop"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
