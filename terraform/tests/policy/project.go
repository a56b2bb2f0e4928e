package policy

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// A Project is what the repository says about its stacks.
type Project struct {
	Prefix    string
	Functions []string           // folders of lambda/
	Channels  map[string]Channel // by name
}

// ReadProject reads the folders of lambda/ and gen/channels.json. prefix is that of the stack.
func ReadProject(repository, prefix string) (Project, error) {
	project := Project{Prefix: prefix}
	mains, err := filepath.Glob(filepath.Join(repository, "lambda", "*", "main.go"))
	if err != nil {
		return project, fmt.Errorf("listing the functions: %w", err)
	}
	for _, main := range mains {
		project.Functions = append(project.Functions, filepath.Base(filepath.Dir(main)))
	}
	project.Channels, err = ReadManifest(filepath.Join(repository, "gen", "channels.json"))
	return project, err
}

// Channel is what the manifest says of one channel that Terraform makes something of.
type Channel struct {
	Routes []Route `json:"routes"`
	Hosted bool    `json:"hosted"` // its pages ask the visitor function
}

// Route is a route of the webhook function.
type Route struct {
	Key string `json:"key"`
}

// ReadManifest reads the channels from a file like gen/channels.json.
func ReadManifest(file string) (map[string]Channel, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the channels: %w", err)
	}
	var channels map[string]Channel
	if err := json.Unmarshal(content, &channels); err != nil {
		return nil, fmt.Errorf("reading the channels from %s: %w", file, err)
	}
	return channels, nil
}
