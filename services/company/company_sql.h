// Every statement of the company service, in the order of the store's methods. The company table is
// the platform's own: the company ID is its whole key.
#pragma once

#include "common/db/statement.h"

namespace usher::company::sql {

inline constexpr db::Statement kFindCompanies{"find_companies", R"sql(
  SELECT company_id, display_name, owner_email, (extract(epoch FROM created_at) * 1000000)::bigint,
         branding_enabled, branding_title, navbar_background, logo_url, logo_alternative_url,
         logo_height, logo_width, metadata
  FROM companies WHERE company_id = ANY ($1::text[]) AND state = 2 ORDER BY company_id
)sql"};

inline constexpr db::Statement kListCompanies{"list_companies", R"sql(
  SELECT company_id, display_name, owner_email, (extract(epoch FROM created_at) * 1000000)::bigint,
         branding_enabled, branding_title, navbar_background, logo_url, logo_alternative_url,
         logo_height, logo_width, metadata
  FROM companies WHERE company_id >= $1 AND state = 2 ORDER BY company_id LIMIT $2
)sql"};

inline constexpr db::Statement kFindTaken{"find_taken", R"sql(
  SELECT 1 FROM companies WHERE company_id = $1
)sql"};

inline constexpr db::Statement kLockCompany{"lock_company", R"sql(
  SELECT company_id, display_name, owner_email, (extract(epoch FROM created_at) * 1000000)::bigint,
         branding_enabled, branding_title, navbar_background, logo_url, logo_alternative_url,
         logo_height, logo_width, metadata
  FROM companies WHERE company_id = $1 AND state = 2 FOR UPDATE
)sql"};

inline constexpr db::Statement kUpdateCompany{"update_company", R"sql(
  UPDATE companies SET display_name = $2, branding_enabled = $3, branding_title = $4,
    navbar_background = $5, logo_url = $6, logo_alternative_url = $7, logo_height = $8,
    logo_width = $9, metadata = $10
  WHERE company_id = $1
)sql"};

inline constexpr db::Statement kInsertCompany{"insert_company", R"sql(
  INSERT INTO companies (company_id, display_name, owner_email, state) VALUES ($1, $2, $3, 2)
  ON CONFLICT (company_id) DO NOTHING RETURNING company_id
)sql"};

inline constexpr const db::Statement* kAll[] = {&kFindCompanies, &kListCompanies, &kFindTaken,
                                                &kLockCompany,   &kUpdateCompany, &kInsertCompany};

}  // namespace usher::company::sql
