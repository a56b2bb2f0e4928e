package issuer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestWhatIsBrokenIsNamed(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"key.pem": "no key", "sessions.json": "{"} {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "delete the file") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnlyItsUserCanReadWhatIsKept(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "issuer")
	opened, err := Open(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := opened.sessions.begin(Demo[0], "openid"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".", "key.pem", "sessions.json"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

func TestTokensOfSeconds(t *testing.T) {
	t.Parallel()
	opened, err := Open(Options{Dir: t.TempDir(), TokenTime: 3 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	claims := opened.idClaims("http://localhost", "", session{Person: Demo[0]})
	if lives := claims["exp"].(int64) - claims["iat"].(int64); lives != 3 {
		t.Errorf("the token lives %d s", lives)
	}
}
