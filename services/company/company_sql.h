// Every statement of the company service, in the order of the store's methods. The company table is
// the platform's own: the company ID is its whole key.
#pragma once

#include "common/db/joined_sql.h"
#include "common/db/statement.h"

namespace usher::company::sql {

// $1 first, $2 limit, $3 IDs alone, $4 with metadata, $5 the company that is seen in full (NULL:
// all are), $6 bytes of a reply: the same in both lists. Weighs before it reads: answers at least
// one row, whose first column says whether the companies fit; if not, none of them is read. A
// company takes 10 bytes besides its texts at least. These are the pieces of both; between them
// each says which companies it is about. Active ones are those that are neither 1 nor 3: where
// PostgreSQL has not counted them, it expects that of nearly all, and of one in 200 that they are
// 2; for so few it would sort all there are (common/db/statement.h).
inline constexpr char kCompaniesWeighed[] = R"sql(
  WITH weight AS MATERIALIZED (
    SELECT coalesce(sum(CASE
             WHEN $3 THEN 2 + octet_length(company_id)
             WHEN $5::text IS NULL OR $5 = company_id THEN
               10 + 2 * octet_length(company_id) + octet_length(display_name)
               + octet_length(owner_email) + octet_length(branding_title)
               + octet_length(navbar_background) + octet_length(logo_url)
               + octet_length(logo_alternative_url) + octet_length(customer_id)
               + octet_length(plan_id) + octet_length(logo_square_48_url)
               + octet_length(logo_square_96_url) + CASE WHEN $4 THEN metadata_size ELSE 0 END
             ELSE 10 + 2 * octet_length(company_id) + octet_length(display_name) END), 0)
             <= $6::bigint AS fits
    FROM (SELECT company_id, display_name, owner_email, branding_title, navbar_background, logo_url,
                 logo_alternative_url, metadata_size,
                 customer_id, plan_id, logo_square_48_url, logo_square_96_url
          FROM companies
          WHERE )sql";
inline constexpr char kCompaniesShown[] = R"sql(company_id >= $1 AND state NOT IN (1, 3)
          ORDER BY company_id LIMIT $2::bigint) page
  )
  SELECT weight.fits, c.company_id, c.display_name, c.owner_email,
         (extract(epoch FROM c.created_at) * 1000000)::bigint, c.branding_enabled,
         c.branding_title, c.navbar_background, c.logo_url, c.logo_alternative_url, c.logo_height,
         c.logo_width, CASE WHEN $4 AND ($5::text IS NULL OR $5 = c.company_id) THEN c.metadata END,
         c.customer_id, c.plan_id, c.logo_square_48_url, c.logo_square_96_url
  FROM weight
  LEFT JOIN (SELECT * FROM companies
             WHERE (SELECT fits FROM weight) AND )sql";
inline constexpr char kCompaniesInOrder[] = R"sql(company_id >= $1 AND state NOT IN (1, 3)
             ORDER BY company_id LIMIT $2::bigint) c ON true
  ORDER BY c.company_id
)sql";

// $7: those of these.
inline constexpr auto kFindCompaniesSql =
    db::Joined(kCompaniesWeighed, "company_id = ANY ($7::text[]) AND ", kCompaniesShown,
               "company_id = ANY ($7::text[]) AND ", kCompaniesInOrder);
inline constexpr db::Statement kFindCompanies{"find_companies", kFindCompaniesSql.text};

// Of all companies.
inline constexpr auto kListCompaniesSql =
    db::Joined(kCompaniesWeighed, kCompaniesShown, kCompaniesInOrder);
inline constexpr db::Statement kListCompanies{"list_companies", kListCompaniesSql.text};

inline constexpr db::Statement kFindTaken{"find_taken", R"sql(
  SELECT 1 FROM companies WHERE company_id = $1
)sql"};

inline constexpr db::Statement kLockCompany{"lock_company", R"sql(
  SELECT company_id, display_name, owner_email, (extract(epoch FROM created_at) * 1000000)::bigint,
         branding_enabled, branding_title, navbar_background, logo_url, logo_alternative_url,
         logo_height, logo_width, metadata, customer_id, plan_id, logo_square_48_url,
         logo_square_96_url, owner_id
  FROM companies WHERE company_id = $1 AND state = 2 FOR UPDATE
)sql"};

inline constexpr db::Statement kUpdateCompany{"update_company", R"sql(
  UPDATE companies SET display_name = $2, branding_enabled = $3, branding_title = $4,
    navbar_background = $5, logo_url = $6, logo_alternative_url = $7, logo_height = $8,
    logo_width = $9, metadata = $10, customer_id = $11, plan_id = $12, logo_square_48_url = $13,
    logo_square_96_url = $14
  WHERE company_id = $1
)sql"};

inline constexpr db::Statement kInsertCompany{"insert_company", R"sql(
  INSERT INTO companies (company_id, display_name, owner_email, owner_id, state)
  VALUES ($1, $2, $3, $4, 2)
  ON CONFLICT (company_id) DO NOTHING RETURNING company_id
)sql"};

// Once and for all: never over somebody.
inline constexpr db::Statement kNameOwner{"name_owner", R"sql(
  UPDATE companies SET owner_id = $2
  WHERE company_id = $1 AND state = 2 AND owner_id IS NULL
)sql"};

inline constexpr const db::Statement* kAll[] = {&kFindCompanies, &kListCompanies, &kFindTaken,
                                                &kLockCompany,   &kUpdateCompany, &kInsertCompany,
                                                &kNameOwner};

}  // namespace usher::company::sql
