#include "auth_fixture.h"
#include "kh_sigv4.h"
#include "kh_sigv4_canonical.h"

/*
 * The requests and signatures of AWS's own signing test suite (published with their documentation
 * and with aws-c-auth): these credentials, 2015-08-30 12:36:00, us-east-1, "service". The suite
 * signs no hash of the content unless it says so.
 */
#define SECRETS                                                                                    \
	"{\"access_key_id\":\"AKIDEXAMPLE\","                                                          \
	"\"secret_access_key\":\"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\"}"
#define CONFIG                                                                                     \
	"{\"method\":\"aws_sigv4\",\"region\":\"us-east-1\",\"service\":\"service\","                  \
	"\"omit_content_hash\":true"
#define SUITE CONFIG "}"
#define SUITE_ONCE CONFIG ",\"path_encoding\":\"once\"}"
#define SUITE_BODY "{\"method\":\"aws_sigv4\",\"region\":\"us-east-1\",\"service\":\"service\"}"
#define HOST "https://example.amazonaws.com"
#define UNRESERVED "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

typedef struct vector {
	const char *name; /* the suite's */
	const char *method;
	const char *url;
	const char *config;
	const char *signature;
} vector;

static void check_vector(const vector *vector, kh_request *request, const char *signed_headers)
{
	outcome result = apply_to(request, vector->config, SECRETS);
	char expected[500];

	snprintf(expected, sizeof(expected),
		"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
		"SignedHeaders=%s, Signature=%s",
		signed_headers, vector->signature);
	CHECK_STR(result.error.message, "");
	if (result.status == KH_OK && strcmp(header(request, "Authorization"), expected) != 0) {
		printf("# %s\n", vector->name);
	}
	CHECK_STR(header(request, "Authorization"), expected);
	CHECK_STR(header(request, "X-Amz-Date"), "20150830T123600Z");
	kh_request_free(request);
}

static void signs_as_the_suite_does(void)
{
	static const vector VECTORS[] = {
		{"get-vanilla", "GET", HOST "/", SUITE,
			"5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"post-vanilla", "POST", HOST "/", SUITE,
			"5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
		{"post-vanilla-query", "POST", HOST "/?Param1=value1", SUITE,
			"28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
		{"get-vanilla-empty-query-key", "GET", HOST "/?Param1=value1", SUITE,
			"a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
		{"get-vanilla-query-order-key-case", "GET", HOST "/?Param2=value2&Param1=value1", SUITE,
			"b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
		{"get-vanilla-query-order-encoded", "GET",
			HOST "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1", SUITE,
			"371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"},
		{"get-vanilla-query-unreserved", "GET", HOST "/?" UNRESERVED "=" UNRESERVED, SUITE,
			"9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
		{"get-vanilla-utf8-query", "GET", HOST "/?%e1%88%b4=bar", SUITE,
			"2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
		{"get-unreserved", "GET", HOST "/" UNRESERVED, SUITE,
			"07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
		{"get-slash-normalized", "GET", HOST "//", SUITE,
			"5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"get-slashes-normalized", "GET", HOST "//example//", SUITE,
			"9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
		{"get-slashes-unnormalized", "GET", HOST "//example//", SUITE_ONCE,
			"87cca117541a147f6df867677d98a7d80dff226d2bfca9e4ffa899665623c7e5"},
		/* These two write in a request line what a URL has encoded already. */
		{"get-utf8", "GET", HOST "/%E1%88%B4", SUITE_ONCE,
			"8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
		{"get-space-unnormalized", "GET", HOST "/example%20space/", SUITE_ONCE,
			"652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
	};
	size_t i;

	for (i = 0; i < sizeof(VECTORS) / sizeof(VECTORS[0]); i++) {
		check_vector(
			&VECTORS[i], request_to(VECTORS[i].method, VECTORS[i].url, NULL), "host;x-amz-date");
	}
}

static void signs_headers_as_the_suite_does(void)
{
	static const vector SORT = {"post-header-key-sort", "POST", HOST "/", SUITE,
		"c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"};
	static const vector CASE = {"post-header-value-case", "POST", HOST "/", SUITE,
		"cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"};
	static const vector TRIM = {"get-header-value-trim", "GET", HOST "/", SUITE,
		"acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"};
	kh_request *request = request_to("POST", HOST "/", NULL);

	kh_request_set_header(request, KH_STR("My-Header1"), KH_STR("value1"), false, NULL);
	check_vector(&SORT, request, "host;my-header1;x-amz-date");
	request = request_to("POST", HOST "/", NULL);
	kh_request_set_header(request, KH_STR("MY-HEADER1"), KH_STR("VALUE1"), false, NULL);
	kh_request_set_header(request, KH_STR("User-Agent"), KH_STR("KiviHook/1"), false, NULL);
	check_vector(&CASE, request, "host;my-header1;x-amz-date");
	request = request_to("GET", HOST "/", NULL);
	kh_request_set_header(request, KH_STR("My-Header2"), KH_STR("\"a   b   c\""), false, NULL);
	kh_request_set_header(request, KH_STR("My-Header1"), KH_STR(" value1"), false, NULL);
	check_vector(&TRIM, request, "host;my-header1;my-header2;x-amz-date");
}

static void signs_a_body_as_the_suite_does(void)
{
	static const vector FORM = {"post-x-www-form-urlencoded", "POST", HOST "/", SUITE_BODY,
		"d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"};
	static const vector CHARSET = {"post-x-www-form-urlencoded-parameters", "POST", HOST "/",
		SUITE_BODY, "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422"};
	static const char SIGNED[] = "content-length;content-type;host;x-amz-content-sha256;x-amz-date";
	kh_request *request = request_to("POST", HOST "/", "Param1=value1");

	kh_request_set_header(
		request, KH_STR("Content-Type"), KH_STR("application/x-www-form-urlencoded"), false, NULL);
	kh_request_set_header(request, KH_STR("Content-Length"), KH_STR("13"), false, NULL);
	check_vector(&FORM, request, SIGNED);
	request = request_to("POST", HOST "/", "Param1=value1");
	kh_request_set_header(request, KH_STR("Content-Type"),
		KH_STR("application/x-www-form-urlencoded; charset=utf-8"), false, NULL);
	kh_request_set_header(request, KH_STR("Content-Length"), KH_STR("13"), false, NULL);
	check_vector(&CHARSET, request, SIGNED);
}

/* The suite's get-vanilla-with-session-token. */
static void a_session_token_is_signed_and_kept_secret(void)
{
	static const char TOKEN[] = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
	char secrets[400];
	outcome result;

	snprintf(secrets, sizeof(secrets),
		"{\"access_key_id\":\" AKIDEXAMPLE\",\"secret_access_key\":"
		"\"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY \",\"session_token\":\"%s\"}",
		TOKEN);
	result = apply_to(request_to("GET", HOST "/", NULL), SUITE, secrets);
	CHECK_STATUS(result.status, KH_OK);
	CHECK_STR(header(result.request, "X-Amz-Security-Token"), TOKEN);
	CHECK_CONTAINS(header(result.request, "Authorization"),
		"SignedHeaders=host;x-amz-date;x-amz-security-token, "
		"Signature=07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8");
	CHECK(notes_secret(result.request, TOKEN));
	CHECK(notes_secret(result.request, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
	CHECK(notes_secret(
		result.request, "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"));
	kh_request_free(result.request);
}

/* The examples in the documentation of Amazon S3, "GET Object" and "PUT Object", and of IAM. */
static void signs_as_the_documentation_does(void)
{
	kh_error error = {0};
	kh_sigv4 with = {.access_key_id = KH_STR("AKIAIOSFODNN7EXAMPLE"),
		.secret_access_key = KH_STR("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
		.region = KH_STR("us-east-1"),
		.service = KH_STR("s3"),
		.path_once = true,
		.content_hash = true,
		.timestamp_s = 1369353600};
	kh_request *request =
		request_to("GET", "https://examplebucket.s3.amazonaws.com/test.txt", NULL);
	outcome result;

	kh_request_set_header(request, KH_STR("Range"), KH_STR("bytes=0-9"), false, NULL);
	CHECK_STATUS(kh_sigv4_sign(&with, request, &error), KH_OK);
	CHECK_STR(header(request, "Authorization"),
		"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
		"SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
		"Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
	kh_request_free(request);
	request = request_to(
		"PUT", "https://examplebucket.s3.amazonaws.com/test$file.text", "Welcome to Amazon S3.");
	kh_request_set_header(
		request, KH_STR("Date"), KH_STR("Fri, 24 May 2013 00:00:00 GMT"), false, NULL);
	kh_request_set_header(
		request, KH_STR("x-amz-storage-class"), KH_STR("REDUCED_REDUNDANCY"), false, NULL);
	CHECK_STATUS(kh_sigv4_sign(&with, request, &error), KH_OK);
	CHECK_CONTAINS(header(request, "Authorization"),
		"Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
	kh_request_free(request);
	request =
		request_to("GET", "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08", NULL);
	kh_request_set_header(request, KH_STR("Content-Type"),
		KH_STR("application/x-www-form-urlencoded; charset=utf-8"), false, NULL);
	result = apply_to(request,
		"{\"method\":\"aws_sigv4\",\"region\":\"us-east-1\",\"service\":\"iam\","
		"\"omit_content_hash\":true}",
		SECRETS);
	CHECK_CONTAINS(header(result.request, "Authorization"),
		"SignedHeaders=content-type;host;x-amz-date, "
		"Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
	kh_request_free(request);
}

static void check_path(const char *path, bool once, const char *expected)
{
	kh_buf out;

	kh_buf_init(&out, 1000);
	CHECK_STATUS(kh_sigv4_canonical_path(str(path), once, &out), KH_OK);
	CHECK_BYTES(out, expected);
	kh_buf_free(&out);
}

static void a_path_is_encoded_twice_but_for_s3(void)
{
	check_path("/documents%20and%20settings/", false, "/documents%2520and%2520settings/");
	check_path("/documents%20and%20settings/", true, "/documents%20and%20settings/");
	check_path("", false, "/");
	check_path("", true, "/");
	check_path("/a:b/c+d", false, "/a%3Ab/c%2Bd");
	check_path("/a:b/%c3%a4+d", true, "/a%3Ab/%C3%A4%2Bd");
	check_path("/a//b", true, "/a//b");
	check_path("/a//b", false, "/a/b");
	check_path("/100%/%2", true, "/100%25/%252");
}

static void check_query(const char *query, const char *expected)
{
	kh_buf out;

	kh_buf_init(&out, 1000);
	CHECK_STATUS(kh_sigv4_canonical_query(str(query), &out, NULL), KH_OK);
	CHECK_BYTES(out, expected);
	kh_buf_free(&out);
}

static void a_query_is_sorted_as_it_is_encoded(void)
{
	check_query("", "");
	check_query("&&", "");
	check_query("b=2&a=1", "a=1&b=2");
	check_query("a=2&a=10&a", "a=&a=10&a=2");
	/* By name, so that "=" does not count: it is above "-". */
	check_query("a-b=1&a=2", "a=2&a-b=1");
	check_query("A=1&a=2&B=3", "A=1&B=3&a=2");
	check_query("x=a/b:c&y=%2f&z=%41=", "x=a%2Fb%3Ac&y=%2F&z=A%3D");
	check_query("=v&k=", "=v&k=");
}

static void a_port_of_its_own_belongs_to_the_host(void)
{
	outcome with = apply_to(request_to("GET", "https://minio.example:9000/", NULL), SUITE, SECRETS);
	outcome without = apply_to(request_to("GET", "https://minio.example/", NULL), SUITE, SECRETS);

	CHECK_STATUS(with.status, KH_OK);
	CHECK(strcmp(header(with.request, "Authorization"), header(without.request, "Authorization")) !=
		  0);
	kh_request_free(with.request);
	kh_request_free(without.request);
}

static void s3_gets_a_hash_of_the_content(void)
{
	outcome result = apply_to(request_to("PUT", HOST "/k", "Welcome to Amazon S3."),
		"{\"method\":\"aws_sigv4\",\"region\":\"eu-central-1\",\"service\":\"s3\"}", SECRETS);

	CHECK_STR(header(result.request, "X-Amz-Content-Sha256"),
		"44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
	kh_request_free(result.request);
}

static void refuses_what_is_missing_or_wrong(void)
{
	check_refused("{\"method\":\"aws_sigv4\"}", SECRETS, "auth: region: ");
	check_refused(
		"{\"method\":\"aws_sigv4\",\"region\":\"us-east-1\"}", SECRETS, "auth: service: ");
	check_refused("{\"method\":\"aws_sigv4\",\"region\":\"us/east\",\"service\":\"s3\"}", SECRETS,
		"auth: region: ");
	check_refused("{\"method\":\"aws_sigv4\",\"region\":\"EU\",\"service\":\"s3\"}", SECRETS,
		"small letters");
	check_refused(CONFIG ",\"path_encoding\":\"thrice\"}", SECRETS, "auth: path_encoding: ");
	check_refused("{\"method\":\"aws_sigv4\",\"region\":\"r\",\"service\":\"s\","
				  "\"omit_content_hash\":\"yes\"}",
		SECRETS, "auth: omit_content_hash: ");
	check_refused(SUITE, "{}", "(access_key_id)");
	check_refused(SUITE, "{\"access_key_id\":\"A\"}", "(secret_access_key)");
	check_refused(SUITE, "{\"access_key_id\":\"A/B\",\"secret_access_key\":\"s\"}", "a slash");
	check_refused(SUITE,
		"{\"access_key_id\":\"A\",\"secret_access_key\":\"s\",\"session_token\":\" \"}",
		"(session_token)");
}

static void says_which_headers_it_sets(void)
{
	static const char *const NAMES[] = {
		"Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256", ""};
	kh_value *config = NULL;
	kh_auth *auth = NULL;
	size_t i;

	kh_value_parse(KH_STR(SUITE), &config, NULL);
	CHECK_STATUS(kh_auth_parse(config, &auth, NULL), KH_OK);
	for (i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		CHECK_BYTES(kh_auth_header(auth, i), NAMES[i]);
	}
	kh_auth_free(auth);
	kh_value_free(config);
}

int main(void)
{
	RUN(signs_as_the_suite_does);
	RUN(signs_headers_as_the_suite_does);
	RUN(signs_a_body_as_the_suite_does);
	RUN(a_session_token_is_signed_and_kept_secret);
	RUN(signs_as_the_documentation_does);
	RUN(a_path_is_encoded_twice_but_for_s3);
	RUN(a_query_is_sorted_as_it_is_encoded);
	RUN(a_port_of_its_own_belongs_to_the_host);
	RUN(s3_gets_a_hash_of_the_content);
	RUN(refuses_what_is_missing_or_wrong);
	RUN(says_which_headers_it_sets);
	return check_done();
}
