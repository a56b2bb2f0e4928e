package policy

import (
	"slices"
	"strings"
)

var zoneRules = []Rule{
	{Name: "there is no way out of the VPC", Check: noWayOut},
	{Name: "the VPC's security groups let traffic go to the database and to endpoints only", Check: egress},
	{Name: "the VPC reaches only the services that the functions use", Check: endpoints},
	{Name: "a function outside the VPC has nothing to do with the database", Check: outside, OnMocks: true},
	{Name: "a function is in one zone", Check: oneZone},
}

// inside tells whether the function is in the VPC.
func inside(function Resource) bool { return len(function.list("vpc_config")) > 0 }

// exits are the types of resources that lead out of a VPC.
var exits = []string{
	"aws_internet_gateway", "aws_egress_only_internet_gateway", "aws_nat_gateway", "aws_eip", "aws_vpn_gateway", "aws_vpn_connection",
	"aws_vpc_peering_connection", "aws_ec2_transit_gateway_vpc_attachment", "aws_route", "aws_default_route_table",
}

func noWayOut(s Stack) (broken []string) {
	for _, exit := range s.of(exits...) {
		broken = append(broken, exit.breaks("leads out of the VPC, or may: who has the database must not be able to call out"))
	}
	for _, table := range s.of("aws_route_table") {
		if routes := table.list("route"); len(routes) > 0 {
			broken = append(broken, table.breaks("has routes of its own: %v", routes))
		}
	}
	for _, subnet := range s.of("aws_subnet") {
		if subnet.flag("map_public_ip_on_launch") || subnet.flag("assign_ipv6_address_on_creation") {
			broken = append(broken, subnet.breaks("gives out public addresses"))
		}
	}
	return broken
}

func egress(s Stack) (broken []string) {
	for _, rule := range s.of("aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule") {
		if rule.given("cidr_ipv4") || rule.given("cidr_ipv6") {
			addresses := rule.text("cidr_ipv4") + rule.text("cidr_ipv6")
			broken = append(broken, rule.breaks("names addresses (%s) where a security group or a prefix list belongs", addresses))
		}
		if rule.text("ip_protocol") != "tcp" || rule.number("from_port") != rule.number("to_port") || rule.number("to_port") == 0 {
			broken = append(broken, rule.breaks("opens more than one TCP port"))
		}
	}
	for _, group := range s.of("aws_security_group", "aws_default_security_group") {
		for _, side := range []string{"egress", "ingress"} {
			if inlineAddresses(group, side) {
				broken = append(broken, group.breaks("names addresses in its %s", side))
			}
		}
	}
	return append(broken, s.looseRules()...)
}

// inlineAddresses tells whether a rule within the group names addresses. Rules of their own show up there as well, after an apply.
func inlineAddresses(group Resource, side string) bool {
	return slices.ContainsFunc(group.list(side), func(rule any) bool {
		r := Resource{values: map[string]any{"rule": rule}}
		return r.given("rule.cidr_blocks") || r.given("rule.ipv6_cidr_blocks")
	})
}

// looseRules are rules of the older type, which the checks above do not see.
func (s Stack) looseRules() (broken []string) {
	for _, rule := range s.of("aws_security_group_rule") {
		broken = append(broken, rule.breaks("is of the older type: use aws_vpc_security_group_ingress_rule or ..._egress_rule"))
	}
	return broken
}

func endpoints(s Stack) (broken []string) {
	for _, endpoint := range s.of("aws_vpc_endpoint") {
		service := endpoint.text("service_name")
		if !slices.Contains([]string{"sqs", "secretsmanager", "s3"}, service[strings.LastIndex(service, ".")+1:]) {
			broken = append(broken, endpoint.breaks("leads to %s, which no function needs", service))
		}
		if !endpoint.given("policy") {
			broken = append(broken, endpoint.breaks("has no policy, so it leads to everybody's resources"))
		}
	}
	return broken
}

func outside(s Stack) (broken []string) {
	for _, function := range s.of("aws_lambda_function") {
		if inside(function) {
			continue
		}
		if function.text("environment.0.variables.DATABASE_URL") != "" {
			broken = append(broken, function.breaks("is outside the VPC, but knows the database"))
		}
		policies, _ := s.policiesOf(function)
		for _, policy := range policies {
			if slices.ContainsFunc(statements(policy.text("policy")), usesDatabase) {
				broken = append(broken, policy.breaks("lets a function outside the VPC use the database"))
			}
		}
	}
	return broken
}

func usesDatabase(s statement) bool {
	return slices.ContainsFunc(s.Action, func(action string) bool { return strings.HasPrefix(action, "rds") })
}

// zones says where each function belongs; one that is missing here has to be added deliberately.
var zones = map[string]bool{ // true: inside
	"webhook": true, "processor": true, "deadletter": true, "sweeper": true, "migrate": true, "api": true, "realtime": true, "visitor": true,
	"timer": false, "sender": false, "pusher": false, "deliverer": false, "media": false,
}

func oneZone(s Stack) (broken []string) {
	for _, function := range s.of("aws_lambda_function") {
		belongs, known := zones[s.nameOf(function)]
		if !known || belongs != inside(function) {
			broken = append(broken, function.breaks("is inside the VPC: %t; the design says %t (known there: %t)", inside(function), belongs, known))
		}
	}
	return broken
}
