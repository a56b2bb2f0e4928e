package policy

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"omni/tools/omni/web"
)

var dashboardRules = []Rule{
	{Name: "the dashboard comes over TLS, and its API is never cached", Check: distribution},
	{Name: "only the dashboard's distribution reads its bucket", Check: readers, OnMocks: true},
	{Name: "the dashboard has the security headers that it has on a laptop", Check: headers, OnMocks: true},
	{Name: "browsers keep only files that never change", Check: cached},
	{Name: "files are sent to signed links by the dashboard's pages, and by visitors' where there are any", Check: uploads},
}

// Policies of AWS's own, which are the same in every account.
const (
	neverCached   = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" // Managed-CachingDisabled
	allButTheHost = "b689b0a8-53d0-40ab-baf2-68738e2966ac" // Managed-AllViewerExceptHostHeader
)

func distribution(s Stack) (broken []string) {
	for _, cdn := range s.of("aws_cloudfront_distribution") {
		behaviors := append(cdn.list("default_cache_behavior"), cdn.list("ordered_cache_behavior")...)
		for _, behavior := range behaviors {
			broken = append(broken, behaves(cdn, Resource{values: map[string]any{"b": behavior}})...)
		}
		if len(cdn.list("custom_error_response")) > 0 {
			broken = append(broken, cdn.breaks("answers errors of the API with a page"))
		}
		for i := range cdn.list("origin") {
			if protocol := cdn.text(fmt.Sprintf("origin.%d.custom_origin_config.0.origin_protocol_policy", i)); protocol != "" && protocol != "https-only" {
				broken = append(broken, cdn.breaks("asks an origin by %q", protocol))
			}
		}
		broken = append(broken, certificate(cdn)...)
	}
	return broken
}

// behaves says what is wrong with a behavior, which is under "b".
func behaves(cdn, with Resource) (broken []string) {
	if protocol := with.text("b.viewer_protocol_policy"); protocol != "https-only" && protocol != "redirect-to-https" {
		broken = append(broken, cdn.breaks("answers in the clear: %q", protocol))
	}
	if with.text("b.target_origin_id") == "api" && (with.text("b.cache_policy_id") != neverCached || with.text("b.origin_request_policy_id") != allButTheHost) {
		broken = append(broken, cdn.breaks("caches the API, or keeps headers from it"))
	}
	return broken
}

// CloudFront's own certificate takes no choice of protocols.
func certificate(cdn Resource) []string {
	const at = "viewer_certificate.0."
	if version := cdn.text(at + "minimum_protocol_version"); !cdn.flag(at+"cloudfront_default_certificate") && !strings.HasPrefix(version, "TLSv1.2_") {
		return []string{cdn.breaks("takes connections of %q", version)}
	}
	return nil
}

// readers are looked for in all buckets: no other one may let anybody in by itself.
func readers(s Stack) (broken []string) {
	for _, policy := range s.of("aws_s3_bucket_policy") {
		for _, statement := range statements(policy.text("policy")) {
			if statement.Effect == "Deny" {
				continue
			}
			who, _ := statement.Principal.(map[string]any)
			writes := slices.ContainsFunc(statement.Action, func(action string) bool { return action != "s3:GetObject" && action != "s3:ListBucket" })
			if !strings.HasPrefix(policy.Module, "module.web_bucket") || who["Service"] != "cloudfront.amazonaws.com" || !ofOneSource(statement) || writes {
				broken = append(broken, policy.breaks("lets %v do %v", statement.Principal, statement.Action))
			}
		}
	}
	for _, cdn := range s.of("aws_cloudfront_distribution") {
		for i := range cdn.list("origin") {
			origin := fmt.Sprintf("origin.%d.", i)
			if cdn.text(origin+"origin_id") == "files" && !cdn.given(origin+"origin_access_control_id") {
				broken = append(broken, cdn.breaks("reads its bucket without saying who it is"))
			}
		}
	}
	return broken
}

func ofOneSource(s statement) bool {
	condition, _ := s.Condition.(map[string]any)
	equals, _ := condition["StringEquals"].(map[string]any)
	return equals["aws:SourceArn"] != nil
}

// headers compares those that CloudFront sends with those of `omni dev`, for the origins of this stack.
func headers(s Stack) (broken []string) {
	want := web.Headers(s.origins())
	want["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains" // a laptop speaks no TLS
	for _, policy := range s.of("aws_cloudfront_response_headers_policy") {
		got := sent(policy)
		if !policy.known(contentSecurityPolicy) || strings.HasSuffix(policy.text("name"), "-widget") { // whose files are for other companies' pages
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if got[name] != want[name] {
				broken = append(broken, policy.breaks("sends %s: %q, not %q", name, got[name], want[name]))
			}
			delete(got, name)
		}
		for name, value := range got {
			broken = append(broken, policy.breaks("sends %s: %q, which a laptop does not", name, value))
		}
	}
	for _, cdn := range s.of("aws_cloudfront_distribution") {
		for _, at := range []string{"default_cache_behavior.0.", "ordered_cache_behavior.0."} {
			if !cdn.given(at + "response_headers_policy_id") {
				broken = append(broken, cdn.breaks("sends no security headers: %s", at))
			}
		}
	}
	return broken
}

const contentSecurityPolicy = "security_headers_config.0.content_security_policy.0.content_security_policy"

// sent are the headers that a policy adds.
func sent(policy Resource) map[string]string {
	const at = "security_headers_config.0."
	headers := map[string]string{
		"Content-Security-Policy": policy.text(contentSecurityPolicy),
		"X-Frame-Options":         policy.text(at + "frame_options.0.frame_option"),
		"Referrer-Policy":         policy.text(at + "referrer_policy.0.referrer_policy"),
	}
	if len(policy.list(at+"content_type_options")) > 0 {
		headers["X-Content-Type-Options"] = "nosniff"
	}
	if seconds := policy.number(at + "strict_transport_security.0.access_control_max_age_sec"); seconds > 0 {
		headers["Strict-Transport-Security"] = fmt.Sprintf("max-age=%.0f", seconds)
		if policy.flag(at + "strict_transport_security.0.include_subdomains") {
			headers["Strict-Transport-Security"] += "; includeSubDomains"
		}
	}
	for i := range policy.list("custom_headers_config.0.items") {
		item := fmt.Sprintf("custom_headers_config.0.items.%d.", i)
		headers[policy.text(item+"header")] = policy.text(item + "value")
	}
	return headers
}

// origins are those that the page talks to, as the functions and the gateway know them.
func (s Stack) origins() web.Origins {
	var origins web.Origins
	address, _ := s.variable("api", "WEBSOCKET_URL")
	if socket, err := url.Parse(address); err == nil {
		origins.WebSocket = socket.Scheme + "://" + socket.Host
	}
	files, _ := s.variable("api", "FILES")
	bucket, _, _ := strings.Cut(strings.TrimPrefix(files, "s3:"), "/")
	origins.Files = "https://" + bucket + ".s3.us-east-1.amazonaws.com" // the region of all stacks of the tests
	var issuers []string
	for _, authorizer := range s.of("aws_apigatewayv2_authorizer") {
		if issuer, err := url.Parse(authorizer.text("jwt_configuration.0.issuer")); err == nil {
			issuers = append(issuers, "https://"+issuer.Host)
		}
	}
	for _, domain := range s.of("aws_cognito_user_pool_domain") {
		issuers = append(issuers, "https://"+domain.text("domain")+".auth.us-east-1.amazoncognito.com")
	}
	origins.Issuer = strings.Join(issuers, " ")
	return origins
}

// cached looks at the dashboard's files. Those in assets/ have a hash of their content in their names.
func cached(s Stack) (broken []string) {
	for _, object := range s.of("aws_s3_object") {
		if object.Module != "module.web" {
			continue
		}
		forever := strings.Contains(object.text("cache_control"), "immutable")
		if forever != strings.HasPrefix(object.text("key"), "assets/") || object.text("cache_control") == "" {
			broken = append(broken, object.breaks("is kept by browsers as %q", object.text("cache_control")))
		}
		if kind := object.text("content_type"); kind == "" || strings.HasPrefix(kind, "binary/") {
			broken = append(broken, object.breaks("has the type %q, and browsers may not guess", kind))
		}
	}
	return broken
}

// uploads lets pages of any origin send files only where there are visitors: what lets them is the link.
func uploads(s Stack) (broken []string) {
	visited := slices.ContainsFunc(s.of("aws_apigatewayv2_route"), func(r Resource) bool { return strings.HasPrefix(r.text("route_key"), "ANY /visitors/") })
	for _, cors := range s.of("aws_s3_bucket_cors_configuration") {
		for _, one := range cors.list("cors_rule") {
			rule := Resource{values: map[string]any{"r": one}}
			methods := rule.list("r.allowed_methods")
			if len(methods) != 1 || methods[0] != "PUT" {
				broken = append(broken, cors.breaks("lets pages do %v", methods))
			}
			if slices.ContainsFunc(rule.list("r.allowed_origins"), func(origin any) bool { return origin == "*" }) && !visited {
				broken = append(broken, cors.breaks("lets everybody's pages send files"))
			}
		}
	}
	return broken
}
