#include "services/company/pg_company_store.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/company/company_errors.h"
#include "services/company/company_sql.h"

namespace usher::company {
namespace {

// The columns of a company, from `first` on.
Company CompanyOf(const db::Row& row, int first = 0) {
  Company company;
  company.id = CompanyId(row.Text(first));
  company.display_name = row.Text(first + 1);
  company.owner_email = row.Text(first + 2);
  company.created_at = row.Micros(first + 3);
  company.branding.enabled = row.Bool(first + 4);
  company.branding.title = row.Text(first + 5);
  company.branding.navbar_background = row.Text(first + 6);
  company.branding.logo_url = row.Text(first + 7);
  company.branding.logo_alternative_url = row.Text(first + 8);
  company.branding.logo_height = row.Int(first + 9);
  company.branding.logo_width = row.Int(first + 10);
  company.metadata = row.Json(first + 11);
  company.books = {row.Text(first + 12), row.Text(first + 13)};
  company.branding.logo_square_48_url = row.Text(first + 14);
  company.branding.logo_square_96_url = row.Text(first + 15);
  return company;
}

std::string AuditObject(const CompanyId& id) { return absl::StrCat("company ", id.value()); }

absl::Status Write(db::Transaction& tx, const CompanyId& id, const Company& company) {
  const Branding& branding = company.branding;
  return tx.ExecuteOnRow(
      sql::kUpdateCompany,
      {id, company.display_name, branding.enabled, branding.title, branding.navbar_background,
       branding.logo_url, branding.logo_alternative_url, branding.logo_height, branding.logo_width,
       db::Param::Json(company.metadata), company.books.customer_id, company.books.plan_id,
       branding.logo_square_48_url, branding.logo_square_96_url});
}

}  // namespace

absl::StatusOr<std::vector<Company>> PgCompanyStore::List(const CallContext& call,
                                                          const CompanyPage& page) {
  std::vector<db::Param> params = {page.first.value(), page.limit,
                                   page.ids_only,      page.with_metadata && !page.ids_only,
                                   page.in_full,       static_cast<uint64_t>(page.most_bytes)};
  const db::Statement* statement = &sql::kListCompanies;
  if (page.only) {
    params.push_back(db::Param::Array(*page.only));
    statement = &sql::kFindCompanies;
  }
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool_, *statement, params));
  if (!rows[0].Bool(0)) return ReplyTooLarge();
  std::vector<Company> companies;
  companies.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    // The one row that there always is, where no company was found.
    if (!rows[i].IsNull(1)) companies.push_back(CompanyOf(rows[i], 1));
  }
  return companies;
}

absl::StatusOr<bool> PgCompanyStore::IsTaken(const CallContext& call, const CompanyId& id) {
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool_, sql::kFindTaken, {id}));
  return !rows.empty();
}

absl::StatusOr<bool> PgCompanyStore::Update(const CallContext& call, const CompanyId& id,
                                            const DecideUpdate& decide) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kLockCompany, {id}));
    if (rows.empty()) return false;
    Company locked = CompanyOf(rows[0]);
    locked.owner = UserId(rows[0].Text(16));
    ASSIGN_OR_RETURN(const Company company, decide(locked));
    RETURN_IF_ERROR(Write(tx, id, company));
    RETURN_IF_ERROR(db::Audit(tx, call, id, AuditObject(id), "updated"));
    return true;
  });
}

absl::StatusOr<bool> PgCompanyStore::InsertActive(const CallContext& call, const Company& company) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const db::Rows rows,
                     tx.Execute(sql::kInsertCompany, {company.id, company.display_name,
                                                      company.owner_email, company.owner}));
    if (rows.empty()) return false;
    RETURN_IF_ERROR(db::Audit(tx, call, company.id, AuditObject(company.id), "created"));
    return true;
  });
}

absl::StatusOr<bool> PgCompanyStore::NameOwner(const CallContext& call, const CompanyId& id,
                                               const UserId& owner) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kNameOwner, {id, owner}));
    if (rows.affected() == 0) return false;
    RETURN_IF_ERROR(
        db::Audit(tx, call, id, AuditObject(id), absl::StrCat("owner: user ", owner.value())));
    return true;
  });
}

}  // namespace usher::company
