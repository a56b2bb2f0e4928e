package api

import (
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
)

// schemas are the schemas of the document, made of Go types. Where huma's own registry is vague they are exact: what may be null is said so for objects
// too, lists never are, ids are UUIDs, and a type of another package has that in its name.
type schemas struct {
	byName map[string]*huma.Schema
	types  map[string]reflect.Type
}

func newSchemas() *schemas {
	return &schemas{byName: map[string]*huma.Schema{}, types: map[string]reflect.Type{}}
}

const schemaPrefix = "#/components/schemas/"

var (
	uuidType     = reflect.TypeFor[uuid.UUID]()
	providerType = reflect.TypeFor[huma.SchemaProvider]()
	errorType    = reflect.TypeFor[huma.ErrorModel]()
	problemModel = reflect.TypeFor[Problem]()
)

// Schema is the schema of a type: for a struct, a reference to it where one is allowed.
func (s *schemas) Schema(t reflect.Type, allowRef bool, hint string) *huma.Schema {
	pointer := t.Kind() == reflect.Pointer
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == errorType {
		t = problemModel
	}
	switch {
	case t == uuidType:
		return &huma.Schema{Type: huma.TypeString, Format: "uuid", Nullable: pointer}
	case isNamed(t):
		return s.named(t, allowRef, hint)
	}
	schema := huma.SchemaFromType(s, t)
	switch schema.Type {
	case huma.TypeArray:
		schema.Nullable = false
	case huma.TypeString, huma.TypeBoolean, huma.TypeInteger, huma.TypeNumber:
		schema.Nullable = schema.Nullable || pointer
	}
	return schema
}

// isNamed reports whether a type is a schema of its own, to which others refer.
func isNamed(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[Time]() && !reflect.PointerTo(t).Implements(providerType) && t.PkgPath() != "time"
}

func (s *schemas) named(t reflect.Type, allowRef bool, hint string) *huma.Schema {
	name := schemaName(t, hint)
	if known, ok := s.types[name]; ok && known != t {
		panic(fmt.Sprintf("api: %s and %s are both called %s", known, t, name))
	}
	if s.types[name] == nil {
		s.types[name], s.byName[name] = t, &huma.Schema{} // found by what refers to itself
		*s.byName[name] = *exact(t, huma.SchemaFromType(s, t))
	}
	if allowRef {
		return &huma.Schema{Ref: schemaPrefix + name}
	}
	return s.byName[name]
}

// exact says of the fields of a struct that may be null that they may.
func exact(t reflect.Type, schema *huma.Schema) *huma.Schema {
	for _, field := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		property, ok := schema.Properties[name]
		if !ok || field.Anonymous {
			continue
		}
		if len(property.Enum) > 0 && property.Nullable && !slices.Contains(property.Enum, any(nil)) {
			property.Enum = append(property.Enum, nil)
		}
		if field.Type.Kind() == reflect.Pointer && property.Ref != "" && !strings.Contains(options, "omit") {
			schema.Properties[name] = orNull(property)
		}
	}
	return schema
}

// orNull is the schema of a value of a schema, or null.
func orNull(schema *huma.Schema) *huma.Schema {
	description := schema.Description
	schema.Description = ""
	return &huma.Schema{AnyOf: []*huma.Schema{schema, {Type: "null"}}, Description: description}
}

// home is the package whose types have no package in their schemas' names.
var home = reflect.TypeFor[API]().PkgPath()

// schemaName names the schema of a type: ChannelsMessage, AgentList of a List[Agent], or the hint if it has no name.
func schemaName(t reflect.Type, hint string) string {
	name := t.Name()
	if name == "" {
		return upper(hint)
	}
	if generic, of, ok := strings.Cut(name, "["); ok {
		of = strings.TrimSuffix(of, "]")
		return upper(of[strings.LastIndexAny(of, "./")+1:]) + generic
	}
	if t.PkgPath() != home {
		return upper(path.Base(t.PkgPath())) + name
	}
	return upper(name)
}

func upper(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// SchemaFromRef is the schema to which a reference refers.
func (s *schemas) SchemaFromRef(ref string) *huma.Schema {
	return s.byName[strings.TrimPrefix(ref, schemaPrefix)]
}

// TypeFromRef is the type of the schema to which a reference refers.
func (s *schemas) TypeFromRef(ref string) reflect.Type {
	return s.types[strings.TrimPrefix(ref, schemaPrefix)]
}

// Map is all of them, by name.
func (s *schemas) Map() map[string]*huma.Schema { return s.byName }

// RegisterTypeAlias is part of huma's interface. Nothing here is called by another's name.
func (s *schemas) RegisterTypeAlias(t, alias reflect.Type) {
	panic(fmt.Sprintf("api: %s cannot stand for %s", alias, t))
}

// MarshalJSON renders them all.
func (s *schemas) MarshalJSON() ([]byte, error) { return marshal(s.byName) }
