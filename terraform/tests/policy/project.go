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
	Functions []string            // folders of lambda/
	Channels  map[string][]string // route keys by channel
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

// ReadManifest reads the route keys of each channel from a file like gen/channels.json.
func ReadManifest(file string) (map[string][]string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the channels: %w", err)
	}
	var manifest map[string]struct {
		Routes []struct {
			Key string `json:"key"`
		} `json:"routes"`
	}
	if err := json.Unmarshal(content, &manifest); err != nil {
		return nil, fmt.Errorf("reading the channels from %s: %w", file, err)
	}
	channels := map[string][]string{}
	for name, channel := range manifest {
		for _, route := range channel.Routes {
			channels[name] = append(channels[name], route.Key)
		}
	}
	return channels, nil
}
