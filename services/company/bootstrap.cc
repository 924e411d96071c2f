#include "services/company/bootstrap.h"

#include <memory>

#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/db/migrator.h"
#include "common/rpc/id_wire.h"
#include "common/status/try.h"
#include "services/company/company_options.h"
#include "services/company/migrations.h"
#include "services/company/pg_company_store.h"

namespace usher::company {

namespace {

absl::StatusOr<Company> CompanyOf(const server::Options& options, const CompanyOptions& wish) {
  Company company;
  company.id = wish.bootstrap_company_id.empty() ? options.gate.operator_company
                                                 : CompanyId(wish.bootstrap_company_id);
  if (!IsCompanySlug(company.id.value())) {
    return absl::InvalidArgumentError("--bootstrap_company_id is not a company ID");
  }
  ASSIGN_OR_RETURN(company.display_name,
                   text::Name("--bootstrap_display_name", wish.bootstrap_display_name));
  ASSIGN_OR_RETURN(company.owner_email,
                   text::OptionalEmail("--bootstrap_owner", wish.bootstrap_owner));
  if (!wish.bootstrap_owner_id.empty()) {
    ASSIGN_OR_RETURN(company.owner, ParseUserId("--bootstrap_owner_id", wish.bootstrap_owner_id));
  }
  return company;
}

}  // namespace

absl::Status Bootstrap(const server::Options& options) {
  ASSIGN_OR_RETURN(const CompanyOptions wish, ReadCompanyOptions());
  ASSIGN_OR_RETURN(const std::unique_ptr<db::Pool> pool, db::Pool::Open(options.pool));
  RETURN_IF_ERROR(db::RequireCurrentSchema(*pool, db::WithShared(Migrations())));
  ASSIGN_OR_RETURN(const Company company, CompanyOf(options, wish));

  CallContext call;
  call.rpc = "company.bootstrap";
  call.request_id = "bootstrap";
  call.deadline = absl::Now() + absl::Seconds(30);
  PgCompanyStore store(*pool);
  ASSIGN_OR_RETURN(const bool made, store.InsertActive(call, company));
  log::Info(made ? "company made" : "company is there already", {{"company", company.id.value()}});
  if (made || company.owner.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool named, store.NameOwner(call, company.id, company.owner));
  if (named) log::Info("owner noted", {{"company", company.id.value()}});
  return absl::OkStatus();
}

}  // namespace usher::company
