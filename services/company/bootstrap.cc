#include "services/company/bootstrap.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/db/migrator.h"
#include "common/status/try.h"
#include "services/company/company_options.h"
#include "services/company/migrations.h"
#include "services/company/pg_company_store.h"

namespace usher::company {

absl::Status Bootstrap(const server::Options& options) {
  ASSIGN_OR_RETURN(const CompanyOptions wish, ReadCompanyOptions());
  ASSIGN_OR_RETURN(const std::unique_ptr<db::Pool> pool, db::Pool::Open(options.pool));
  RETURN_IF_ERROR(db::RequireCurrentSchema(*pool, db::WithShared(Migrations())));
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

  CallContext call;
  call.rpc = "company.bootstrap";
  call.request_id = "bootstrap";
  call.deadline = absl::Now() + absl::Seconds(30);
  PgCompanyStore store(*pool);
  ASSIGN_OR_RETURN(const bool made, store.InsertActive(call, company));
  log::Info(made ? "company made" : "company is there already", {{"company", company.id.value()}});
  return absl::OkStatus();
}

}  // namespace usher::company
