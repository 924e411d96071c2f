// Databases that are set up otherwise than we would: what we rely on is pinned, or refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <pqxx/pqxx>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/db/batch.h"
#include "common/db/transaction.h"
#include "tests/support/a_caller.h"
#include "tests/support/child_process.h"
#include "tests/support/folders.h"
#include "tests/support/scratch_database.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace foreign_database_test {

using ::testing::HasSubstr;

constexpr Statement kSettings{
    "settings",
    "SELECT concat_ws(' ', current_setting('client_encoding'), current_setting('TimeZone'), "
    "current_setting('bytea_output'), current_setting('DateStyle'), "
    "current_setting('IntervalStyle'), current_setting('standard_conforming_strings'), "
    "current_setting('transaction_isolation'))"};
constexpr Statement kEcho{"echo", "SELECT $1::bytea, $2::text"};
constexpr Statement kWhere{"where", "SELECT current_setting('unix_socket_directories')"};

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/usher-test-XXXXXX";
    if (mkdtemp(name) == nullptr) throw std::runtime_error("no folder");
    name_ = name;
    std::filesystem::permissions(name_, std::filesystem::perms(0755));  // for PostgreSQL's user
  }
  ~Folder() { std::filesystem::remove_all(name_); }
  std::string operator/(const std::string& file) const { return absl::StrCat(name_, "/", file); }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

// A server of its own, beside the one of the other tests.
class SecondServer {
 public:
  SecondServer() : url_(Run("start")) { url_.erase(url_.find_last_not_of('\n') + 1); }
  ~SecondServer() { Run("stop"); }
  void Do(const std::string& database, const std::string& sql) const {
    pqxx::connection connection(absl::StrCat(url_, " dbname=", database));
    pqxx::nontransaction(connection).exec(sql);
  }
  std::string socket_folder() const { return folder_ / "cluster/s"; }

 private:
  std::string Run(const std::string& command) const {
    return RunProgram(
        {absl::StrCat(SourceFolder(), "/tests/postgres"), command, folder_ / "cluster"});
  }
  Folder folder_;
  std::string url_;
};

// Of a libpq key=value URL.
std::string ValueIn(const std::string& url, const std::string& key) {
  const pqxx::connection connection(url);
  return key == "host" ? std::string(const_cast<pqxx::connection&>(connection).hostname())
                       : std::string(const_cast<pqxx::connection&>(connection).dbname());
}

class Pooler {
 public:
  Pooler(const std::string& url, const std::string& mode) : folder_() {
    const std::string server = ValueIn(url, "host");
    std::ofstream file(folder_ / "pgbouncer.ini");
    file << "[databases]\n* = host=" << server << " port=5432 user=postgres\n"
         << "[pgbouncer]\nlisten_addr =\nlisten_port = 6432\nauth_type = any\n"
         << "unix_socket_dir = " << folder_.name() << "\npool_mode = " << mode << "\n";
    if (geteuid() == 0) {  // it refuses to be root
      struct stat socket {};
      if (stat(absl::StrCat(server, "/.s.PGSQL.5432").c_str(), &socket) != 0) {
        throw std::runtime_error("no socket of PostgreSQL");
      }
      file << "user = " << getpwuid(socket.st_uid)->pw_name << "\n";
      if (chown(folder_.name().c_str(), socket.st_uid, socket.st_gid) != 0) {
        throw std::runtime_error("the folder cannot be given away");
      }
    }
    file.close();
    process_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{"/usr/sbin/pgbouncer", folder_ / "pgbouncer.ini"},
        folder_ / "log");
    url_ = absl::StrCat(url, " host=", folder_.name(), " port=6432");
    const absl::Time until = absl::Now() + absl::Seconds(30);
    while (!std::filesystem::exists(folder_ / ".s.PGSQL.6432") && absl::Now() < until) {
      absl::SleepFor(absl::Milliseconds(5));
    }
  }
  const std::string& url() const { return url_; }

 private:
  Folder folder_;
  std::unique_ptr<ChildProcess> process_;
  std::string url_;
};

class ForeignDatabaseTest : public ::testing::Test {
 protected:
  ScratchDatabase database_;
};

TEST_F(ForeignDatabaseTest, WhatReadingReliesOnIsPinned) {
  database_.Run(R"sql(
    DO $$ DECLARE setting text; BEGIN
      FOREACH setting IN ARRAY ARRAY['client_encoding TO latin1', 'bytea_output TO escape',
          'TimeZone TO ''Asia/Tokyo''', 'DateStyle TO german', 'IntervalStyle TO iso_8601',
          'standard_conforming_strings TO off', 'default_transaction_isolation TO serializable'] LOOP
        EXECUTE 'ALTER DATABASE ' || current_database() || ' SET ' || setting;
      END LOOP;
    END $$)sql");
  const auto pool = database_.OpenPool();
  Batch batch(pool->options());
  const std::string bytes("\x00\xff\\'\n", 5);
  const std::string text = "\xc3\xa4\xe2\x82\xac \\ '";
  const auto check = [&] {
    const auto settings = Execute(ACall(), *pool, kSettings, {});
    ASSERT_OK(settings);
    EXPECT_THAT((*settings)[0].Text(0),
                ::testing::MatchesRegex("UTF8 UTC hex ISO, .* postgres on read committed"));
    const auto echo = Execute(ACall(), *pool, kEcho, {Param::Bytes(bytes), text});
    ASSERT_OK(echo);
    EXPECT_EQ((*echo)[0].Bytes(0), bytes);
    EXPECT_EQ((*echo)[0].Text(1), text);
  };
  check();
  batch.Run({check});
  EXPECT_OK(InTransaction(ACall(), *pool, [&](Transaction& tx) -> absl::Status {
    const auto settings = tx.Execute(kSettings, {});
    if (settings.ok()) {
      EXPECT_THAT((*settings)[0].Text(0), HasSubstr("read committed"));
    }
    return settings.status();
  }));
}

TEST_F(ForeignDatabaseTest, AnEncodingThatCannotHoldEveryTextIsRefused) {
  const std::string name = absl::StrCat(ValueIn(database_.url(), "dbname"), "_latin1");
  database_.Run(
      absl::StrCat("CREATE DATABASE ", name, " ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"));
  const auto pool = Pool::Open({.url = absl::StrCat(database_.url(), " dbname=", name)});
  database_.Run(absl::StrCat("DROP DATABASE ", name, " WITH (FORCE)"));
  EXPECT_THAT(pool, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(pool.status().message()), HasSubstr("LATIN1"));
}

TEST_F(ForeignDatabaseTest, AUrlThatIsNoneIsNotQuoted) {
  const auto pool = Pool::Open({.url = "host=here password=hun ter2"});
  EXPECT_THAT(pool, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(pool.status().message()), ::testing::Not(HasSubstr("ter2")));
}

TEST_F(ForeignDatabaseTest, APoolerInSessionModeServes) {
  const Pooler pooler(database_.url(), "session");
  const auto pool = Pool::Open({.url = pooler.url()});
  ASSERT_OK(pool);
  for (int i = 0; i < 3; ++i) EXPECT_OK(Execute(ACall(), **pool, kSettings, {}));
  Batch batch((*pool)->options());
  batch.Run({[&] { EXPECT_OK(Execute(ACall(), **pool, kSettings, {})); }});
}

TEST_F(ForeignDatabaseTest, APoolerThatSharesSessionsEndsTheStart) {
  for (const char* mode : {"transaction", "statement"}) {
    const Pooler pooler(database_.url(), mode);
    const auto pool = Pool::Open({.url = pooler.url()});
    EXPECT_THAT(pool, StatusIs(absl::StatusCode::kFailedPrecondition)) << mode;
    EXPECT_THAT(std::string(pool.status().message()), HasSubstr("pool_mode = session"));
  }
}

TEST_F(ForeignDatabaseTest, OfSeveralHostsTheOneThatTakesChangesIsUsed) {
  const SecondServer second;
  const std::string name = ValueIn(database_.url(), "dbname");
  const std::string first = ValueIn(database_.url(), "host");
  second.Do("postgres", absl::StrCat("CREATE DATABASE ", name));
  second.Do("postgres",
            absl::StrCat("ALTER DATABASE ", name, " SET default_transaction_read_only TO on"));
  const std::string hosts = absl::StrCat(second.socket_folder(), ",", first);
  const auto pool = Pool::Open({.url = absl::StrCat(database_.url(), " host=", hosts)});
  ASSERT_OK(pool);
  const auto where = Execute(ACall(), **pool, kWhere, {});
  ASSERT_OK(where);
  EXPECT_EQ((*where)[0].Text(0), first);
}

}  // namespace foreign_database_test
}  // namespace usher::db
