package build_test

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"debug/elf"
	"encoding/pem"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"omni/tools/omni/build"
)

const root = "../../.."

func TestFunctionsAreTheFoldersOfLambda(t *testing.T) {
	t.Parallel()
	functions, err := build.Functions(root)
	if err != nil || len(functions) < 3 {
		t.Errorf("got %v, %v", functions, err)
	}
	if _, err := build.Functions(t.TempDir()); err == nil {
		t.Error("a folder without functions: an error wanted")
	}
}

// The same source gives the same bytes, also from another place.
func TestBuildsAreReproducible(t *testing.T) {
	t.Parallel()
	ca, err := build.DatabaseCA(writeCertificate(t))
	if err != nil {
		t.Fatal(err)
	}
	var zips [][]byte
	for _, out := range []string{t.TempDir(), filepath.Join(t.TempDir(), "elsewhere")} {
		artifact, err := build.One(t.Context(), root, out, "migrate", "arm64", ca)
		if err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(artifact.Zip)
		if err != nil {
			t.Fatal(err)
		}
		if int64(len(content)) != artifact.ZipBytes {
			t.Errorf("the zip has %d bytes, reported %d", len(content), artifact.ZipBytes)
		}
		zips = append(zips, content)
		checkBootstrap(t, artifact)
		checkZip(t, artifact, ca)
	}
	if !bytes.Equal(zips[0], zips[1]) {
		t.Error("two builds of the same source differ")
	}
}

// checkBootstrap holds an artifact to what Lambda's provided.al2023 runtime starts: one static arm64 executable called bootstrap.
func checkBootstrap(t *testing.T, a build.Artifact) {
	t.Helper()
	executable, err := elf.Open(a.Bootstrap)
	if err != nil {
		t.Fatal(err)
	}
	defer executable.Close()
	libraries, err := executable.ImportedLibraries()
	if executable.Machine != elf.EM_AARCH64 || len(libraries) > 0 || err != nil {
		t.Errorf("machine %s, libraries %v, %v", executable.Machine, libraries, err)
	}
}

// checkZip wants the executable and one file more.
func checkZip(t *testing.T, a build.Artifact, more build.File) {
	t.Helper()
	archive, err := zip.OpenReader(a.Zip)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if len(archive.File) != 2 || archive.File[0].Name != "bootstrap" || archive.File[0].Mode().Perm() != 0o755 ||
		archive.File[1].Name != "rds-ca.pem" || archive.File[1].Mode().Perm() != 0o644 {
		t.Fatalf("the zip holds %v", archive.File)
	}
	file, err := archive.File[1].Open()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if content, err := io.ReadAll(file); err != nil || !bytes.Equal(content, more.Content) {
		t.Errorf("%s holds %s, %v", more.Name, content, err)
	}
}

// writeCertificate makes a certificate and returns its file.
func writeCertificate(t *testing.T) string {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}))
}

func write(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWhatIsNoCertificateDoesNotGetIntoAZip(t *testing.T) {
	t.Parallel()
	for want, content := range map[string][]byte{
		"there is none in PEM":                            []byte("<html>not found</html>"),
		"certificates are wanted, and there is a PRIVATE": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}),
		"reading number 1":                                pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")}),
	} {
		if _, err := build.DatabaseCA(write(t, content)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q wanted, got %v", want, err)
		}
	}
	if _, err := build.DatabaseCA(filepath.Join(t.TempDir(), "absent.pem")); err == nil {
		t.Error("an absent file: an error wanted")
	}
}
