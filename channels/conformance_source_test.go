package channels_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"omni/channels"
)

// checkFiles checks that a reader finds the same things in the same places of every channel.
func checkFiles(t *testing.T, spec channels.Spec) {
	for _, name := range []string{
		spec.Name + ".go", "parse.go", "normalize.go", "send.go", spec.Name + "_test.go", "README.md", "testdata", "simulator/simulator.go",
	} {
		if _, err := os.Stat(filepath.Join(spec.Name, name)); err != nil {
			t.Error(err)
		}
	}
}

func checkReadme(t *testing.T, spec channels.Spec) {
	content, err := os.ReadFile(filepath.Join(spec.Name, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var sections []string
	for line := range strings.Lines(string(content)) {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			sections = append(sections, strings.TrimSpace(title))
		}
	}
	want := []string{"What it carries", "Set up", "Events", "Sending", "Limits", "Sources"}
	if !slices.Equal(sections, want) {
		t.Errorf("its sections are %q, want %q", sections, want)
	}
}

// checkRegistration checks that a channel's main file begins with an init that only registers it.
func checkRegistration(t *testing.T, spec channels.Spec) {
	main := sources(t, spec.Name)[spec.Name+".go"]
	if main == nil {
		t.Fatalf("there is no %s.go", spec.Name)
	}
	for _, declaration := range main.Decls {
		if general, ok := declaration.(*ast.GenDecl); ok && general.Tok == token.IMPORT {
			continue
		}
		if init, ok := declaration.(*ast.FuncDecl); !ok || init.Name.Name != "init" || !onlyRegisters(init) {
			t.Errorf("%s.go: the first declaration is not an init that only calls channels.Register", spec.Name)
		}
		return
	}
}

func onlyRegisters(init *ast.FuncDecl) bool {
	if len(init.Body.List) != 1 {
		return false
	}
	statement, ok := init.Body.List[0].(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := statement.X.(*ast.CallExpr)
	return ok && isSelector(call.Fun, "channels", "Register")
}

func checkExports(t *testing.T, spec channels.Spec) {
	for _, folder := range []string{spec.Name, spec.Name + "/simulator"} {
		for name, source := range sources(t, folder) {
			if names := exported(source); len(names) > 0 {
				t.Errorf("%s/%s exports %q", folder, name, names)
			}
		}
	}
}

// exported names what a file declares for other packages. Methods are not: they are reached through an interface.
func exported(source *ast.File) []string {
	var declared []*ast.Ident
	for _, declaration := range source.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				declared = append(declared, d.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					declared = append(declared, s.Name)
				case *ast.ValueSpec:
					declared = append(declared, s.Names...)
				}
			}
		}
	}
	var names []string
	for _, name := range declared {
		if name.IsExported() {
			names = append(names, name.Name)
		}
	}
	return names
}

// checkImports checks that a channel knows the contract, what channels share and the standard library, and nothing else. Its simulator
// knows the contract of simulators too.
func checkImports(t *testing.T, spec channels.Spec) {
	const contract, shared = "omni/channels", "omni/channels/internal/"
	for folder, also := range map[string]string{spec.Name: "", spec.Name + "/simulator": "omni/channels/simulate"} {
		for name, source := range sources(t, folder) {
			for _, path := range imports(source) {
				first, _, _ := strings.Cut(path, "/")
				standard := first != "omni" && !strings.Contains(first, ".")
				if !standard && path != contract && path != also && !strings.HasPrefix(path, shared) {
					t.Errorf("%s/%s imports %s", folder, name, path)
				}
			}
		}
	}
}

// checkPurity checks that nothing behind Parse and Normalize reaches for the world: what is stored must give the same at every replay.
// The main file (Verify) and those that call the platform are free to.
func checkPurity(t *testing.T, spec channels.Spec) {
	impure := []string{"crypto/rand", "log", "log/slog", "math/rand", "math/rand/v2", "net", "net/http", "os", "os/exec", "sync"}
	for name, source := range sources(t, spec.Name) {
		calls := func(prefix string) bool { return strings.HasPrefix(name, prefix) }
		if slices.ContainsFunc([]string{spec.Name + ".go", "client", "host", "media", "presence", "send", "subscribe"}, calls) {
			continue
		}
		for _, path := range imports(source) {
			if slices.Contains(impure, path) {
				t.Errorf("%s/%s imports %s", spec.Name, name, path)
			}
		}
		for node := range ast.Preorder(source) {
			if isSelector(node, "time", "Now") || isSelector(node, "time", "Since") || isSelector(node, "time", "Until") {
				t.Errorf("%s/%s looks at the clock", spec.Name, name)
			}
		}
	}
}

func isSelector(node ast.Node, left, right string) bool {
	selector, ok := node.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != right {
		return false
	}
	x, ok := selector.X.(*ast.Ident)
	return ok && x.Name == left
}

func imports(source *ast.File) []string {
	paths := make([]string, len(source.Imports))
	for i, spec := range source.Imports {
		paths[i] = strings.Trim(spec.Path.Value, "\"`")
	}
	return paths
}

// sources reads the Go files of a folder, tests apart, by their names.
func sources(t *testing.T, folder string) map[string]*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = source
	}
	return files
}
