package build

import (
	"archive/zip"
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// epoch is the modification time of every file in a zip: 1 January 1980 is the earliest that the format can hold.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// File goes into a deployment package beside the executable. Lambda unpacks it to /var/task.
type File struct {
	Name    string
	Content []byte
}

// DatabaseCA reads the certificates, in PEM, by which functions know the database server: as rds-ca.pem, which DATABASE_URL names as its
// sslrootcert.
func DatabaseCA(path string) (File, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return File{}, fmt.Errorf("reading the database's certificates: %w", err)
	}
	if err := checkCertificates(content); err != nil {
		return File{}, fmt.Errorf("the database's certificates in %s: %w", path, err)
	}
	return File{Name: "rds-ca.pem", Content: content}, nil
}

// checkCertificates wants certificates and nothing else: a private key must not get into a package.
func checkCertificates(content []byte) error {
	found := 0
	for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
		found++
		if block.Type != "CERTIFICATE" {
			return fmt.Errorf("certificates are wanted, and there is a %s", block.Type)
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return fmt.Errorf("reading number %d: %w", found, err)
		}
	}
	if found == 0 {
		return errors.New("there is none in PEM (Amazon offers them as global-bundle.pem)")
	}
	return nil
}

// pack writes the deployment package: the executable, under the name that the provided.al2023 runtime starts, and the files.
func pack(a Artifact, files []File) (size int64, err error) {
	file, err := os.Create(a.Zip)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	archive := zip.NewWriter(file)
	bootstrap, err := os.Open(a.Bootstrap)
	if err != nil {
		return 0, err
	}
	defer bootstrap.Close()
	if err := add(archive, "bootstrap", 0o755, bootstrap); err != nil {
		return 0, err
	}
	for _, f := range files {
		if err := add(archive, f.Name, 0o644, bytes.NewReader(f.Content)); err != nil {
			return 0, err
		}
	}
	if err := archive.Close(); err != nil {
		return 0, err
	}
	if size, err = file.Seek(0, io.SeekEnd); err != nil {
		return 0, err
	}
	return size, file.Close()
}

func add(archive *zip.Writer, name string, mode os.FileMode, content io.Reader) error {
	header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: epoch}
	header.SetMode(mode)
	entry, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = io.Copy(entry, content)
	return err
}
