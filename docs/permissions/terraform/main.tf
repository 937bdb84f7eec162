# The IAM roles of Guarded Migrate for one database. Use it where it is:
#
#   module "guarded_migrate" {
#     source      = "github.com/guarded-migrate/guarded-migrate//docs/permissions/terraform?ref=v1"
#     database    = "shop-prod"
#     repository  = "acme/shop"
#     environment = "production"
#   }
#
# The policies are the JSON files one folder up: nothing is written twice.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.0" }
  }
}

variable "database" {
  type        = string
  description = "Identifier of the DB instance or DB cluster."
}

variable "kind" {
  type        = string
  description = "What that identifier names: instance or cluster."
  default     = "instance"

  validation {
    condition     = contains(["instance", "cluster"], var.kind)
    error_message = "kind is \"instance\" or \"cluster\"."
  }
}

variable "repository" {
  type        = string
  description = "owner/name of the repository whose workflows may assume the roles; owner@id/name@id where its tokens carry the ids: docs/permissions.md, Trust."

  validation {
    condition     = can(regex("^[^/]+/[^/]+$", var.repository))
    error_message = "repository is owner/name."
  }
}

variable "environment" {
  type        = string
  description = "GitHub environment of deploy, rollback and promotion."
  default     = "production"
}

variable "cleanup_environment" {
  type        = string
  description = "GitHub environment of the cleanup."
  default     = "production-cleanup"
}

variable "branch" {
  type        = string
  description = "Branch from which the plan job may look: it has no environment."
  default     = "main"
}

variable "session_hours" {
  type        = number
  description = "Longest session of the roles that restore: a restore and a cut-over outlive an hour."
  default     = 4
}

variable "extra_policies" {
  type        = map(list(string))
  description = "More policy documents (JSON) per role: KMS, Secrets Manager, PassRole; see docs/permissions.md."
  default     = {}
}

data "aws_caller_identity" "this" {}
data "aws_region" "this" {}
data "aws_partition" "this" {}

locals {
  account = data.aws_caller_identity.this.account_id
  owner   = split("/", var.repository)[0]
  name    = split("/", var.repository)[1]

  prefix = var.kind == "cluster" ? "cluster-" : ""

  # RDS keeps identifiers in lower case. The guard shortens one that does not fit into a name of 63 characters,
  # to no less than 30; a role name has 64.
  database = lower(var.database)
  stem     = length(local.database) <= 36 ? local.database : "${substr(local.database, 0, 30)}*"
  suffix   = length(local.database) <= 39 ? local.database : "${substr(local.database, 0, 34)}-${substr(sha1(local.database), 0, 4)}"

  # Which policies a role has. A promotion that ends a rollback needs both.
  roles = {
    plan     = ["plan"]
    deploy   = ["deploy"]
    rollback = ["rollback"]
    promote  = ["rollback", "promote"]
    cleanup  = ["cleanup"]
  }

  attached = merge([
    for role, files in local.roles : {
      for file in files : "${role}-${file}" => { role = role, file = file }
    }
  ]...)

  extras = merge([
    for role, documents in var.extra_policies : {
      for index, document in documents : "${role}-extra-${index}" => { role = role, document = document }
    }
  ]...)

  environments = {
    deploy   = var.environment
    rollback = var.environment
    promote  = var.environment
    cleanup  = var.cleanup_environment
  }
}

resource "aws_iam_role" "this" {
  for_each             = local.roles
  name                 = "guarded-migrate-${each.key}-${local.suffix}"
  max_session_duration = contains(["plan", "cleanup"], each.key) ? 10800 : var.session_hours * 3600
  assume_role_policy = replace(replace(replace(replace(replace(replace(
    file("${path.module}/../${each.key == "plan" ? "trust-plan" : "trust"}.json"),
    "arn:aws:", "arn:${data.aws_partition.this.partition}:"),
    "ACCOUNT", local.account),
    "OWNER", local.owner),
    "REPOSITORY", local.name),
    "ENVIRONMENT", lookup(local.environments, each.key, "")),
  "BRANCH", var.branch)
}

resource "aws_iam_role_policy" "this" {
  for_each = local.attached
  name     = each.value.file
  role     = aws_iam_role.this[each.value.role].id
  policy = replace(replace(replace(replace(replace(
    file("${path.module}/../${local.prefix}${each.value.file}.json"),
    "arn:aws:", "arn:${data.aws_partition.this.partition}:"),
    "REGION", data.aws_region.this.name),
    "ACCOUNT", local.account),
    "DATABASE-", "${local.stem}-"),
  "DATABASE", local.database)
}

resource "aws_iam_role_policy" "extra" {
  for_each = local.extras
  name     = each.key
  role     = aws_iam_role.this[each.value.role].id
  policy   = each.value.document
}

output "roles" {
  description = "ARN per role, for the inputs plan-role-to-assume, role-to-assume, rollback-role, promote-role and cleanup-role."
  value       = { for key, role in aws_iam_role.this : key => role.arn }
}
