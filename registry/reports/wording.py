"""The wording of the official report, in Vietnamese and for its English annex.

It stands here and not in the catalogue of the pages: the form of Decree 30/2020/NĐ-CP is
Vietnamese whatever language the reader's pages are in, and its lines are fixed by law.
"""

from __future__ import annotations

AGENCY_ABOVE = "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HÀ NỘI"
AGENCY = "SỞ CÔNG THƯƠNG"
STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
# Blank on purpose: the document system numbers, dates and signs.
NUMBER = "Số:\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0/BC-SCT"
BLANK = "\u00a0" * 6
DATE = f"Hà Nội, ngày{BLANK}tháng{BLANK}năm{BLANK}"
KIND = "BÁO CÁO"
RECIPIENTS_HEADING = "Nơi nhận:"
RECIPIENTS = ("- UBND Thành phố (để báo cáo);", "- Lãnh đạo Sở;", "- Lưu: VT.")
SIGNER = "QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ"
SIGNATURE = "(Chữ ký, họ và tên)"
LIST_REMARKS = "Nội dung được suy đoán, sửa và quyết định"

WORDS: dict[str, dict[str, str]] = {
    "vi": {
        "title": "Kết quả thực hiện chương trình phát triển công nghiệp hỗ trợ\n"
        "trên địa bàn thành phố Hà Nội, số liệu đến ngày %(on)s",
        "sample": "SỐ LIỆU MẪU HƯ CẤU, KHÔNG CÓ GIÁ TRỊ BÁO CÁO",
        "draft": "BẢN CHUẨN BỊ, CHƯA ĐƯỢC PHÊ DUYỆT",
        "draft_rule": "TÍNH THEO QUY TẮC DỰ THẢO, CHƯA ĐƯỢC PHÊ DUYỆT",
        "basis": "Căn cứ %(plan)s;",
        "intro": "Sở Công Thương báo cáo kết quả thực hiện các chỉ tiêu tính từ sổ đăng ký "
        "doanh nghiệp công nghiệp hỗ trợ như sau:",
        "results": "I. KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU",
        "analysis": "II. PHÂN TÍCH THEO LĨNH VỰC, CẤP CUNG ỨNG VÀ ĐỊA BÀN",
        "remarks": "III. NHẬN XÉT",
        "remarks_intro": "Chênh lệch so với mục tiêu và với số đã công bố:",
        "sources": "IV. NGUỒN SỐ LIỆU",
        "table": "Bảng %(n)s. %(heading)s",
        "chart": "Hình %(n)s. %(heading)s",
        "lines": "Chỉ tiêu của chương trình",
        "chart_lines": "Kết quả so với mục tiêu và số đã công bố",
        "chart_sectors": "Doanh nghiệp theo lĩnh vực, phần đậm đạt tiêu chuẩn quốc tế",
        "legend": "Thanh đậm: kết quả; vạch đứng dày: mục tiêu; vạch mảnh: số đã công bố.",
        "no": "TT",
        "indicator": "Chỉ tiêu",
        "value": "Kết quả",
        "target": "Mục tiêu",
        "state": "Đánh giá",
        "baseline": "Số đã công bố",
        "nation": "cả nước",
        "sector": "Theo lĩnh vực",
        "tier": "Theo cấp cung ứng",
        "ward": "Theo xã, phường",
        "all": "Tổng số",
        "others": "%(n)s xã, phường còn lại",
        "enterprises_total": "Doanh nghiệp",
        "enterprises_international_standard": "Đạt tiêu chuẩn quốc tế",
        "share_international_standard": "Tỷ lệ đạt (%)",
        "tier1_enterprises": "Cấp 1",
        "tier2_tier3_enterprises": "Cấp 2, 3",
        "none": "Chưa có",
        "of": "%(part)s/%(whole)s",
        "remark": "%(name)s: %(value)s",
        "remark_target": "mục tiêu %(target)s (%(period)s)",
        "remark_gap": "chênh lệch −%(gap)s%(unit)s",
        "remark_over": "chênh lệch +%(gap)s%(unit)s",
        "remark_baseline": "so với số đã công bố %(baseline)s (%(day)s): %(difference)s%(unit)s",
        "points": " điểm phần trăm",
        "enterprises": " doanh nghiệp",
        "note_release": "Số liệu chốt của kỳ “%(period)s”, giữ nguyên như khi chốt, không tính lại; "
        "mã kiểm SHA-256: %(sha256)s. Người lập: %(preparer)s, %(prepared)s.",
        "note_approved": "Người duyệt: %(approver)s, ngày %(day)s.",
        "note_draft": "Chưa được phê duyệt.",
        "note_on": "Số liệu đúng tại ngày %(on)s, theo những gì đã được ghi nhận đến %(known)s.",
        "note_rule": "Quy tắc tính số %(version)s%(label)s%(provisional)s: %(clauses)s",
        "provisional": " (tạm thời, chưa có định nghĩa được ban hành)",
        "source_register": "Kết quả: sổ đăng ký doanh nghiệp công nghiệp hỗ trợ Hà Nội, đếm từ "
        "chính danh sách doanh nghiệp.",
        "source_target": "Mục tiêu “%(name)s”: %(document)s. Nguồn: %(source)s",
        "source_baseline": "Số đã công bố “%(name)s” (%(day)s): %(source)s",
        "not_rounded": "“Đạt” là bằng hoặc cao hơn cận dưới của mục tiêu; “khoảng” không được "
        "làm tròn xuống.",
    },
    "en": {
        "title": "Annex: English summary sheet\nSupporting industry of Hanoi, figures for %(on)s",
        "sample": "FICTIONAL SAMPLE DATA, NOT FOR REPORTING",
        "draft": "PREPARED, NOT APPROVED",
        "draft_rule": "COUNTED BY A DRAFT RULE THAT NOBODY APPROVED",
        "basis": "Under %(plan)s.",
        "intro": "Counted from the register of supporting-industry enterprises.",
        "results": "1. Results",
        "analysis": "2. By sector and supply tier",
        "remarks": "3. Remarks",
        "remarks_intro": "Differences from targets and published figures:",
        "sources": "4. Sources",
        "table": "Table %(n)s. %(heading)s",
        "chart": "Figure %(n)s. %(heading)s",
        "lines": "Indicators of the programme",
        "chart_lines": "Results beside targets and published figures",
        "chart_sectors": "Enterprises by sector; dark: meeting international standards",
        "legend": "Dark bar: result; thick line: target; thin line: published figure.",
        "no": "No.",
        "indicator": "Indicator",
        "value": "Result",
        "target": "Target",
        "state": "Standing",
        "baseline": "Published figure",
        "nation": "nation",
        "sector": "By sector",
        "tier": "By supply tier",
        "ward": "By ward or commune",
        "all": "Total",
        "others": "%(n)s other wards and communes",
        "enterprises_total": "Enterprises",
        "enterprises_international_standard": "International standards",
        "share_international_standard": "Share (%)",
        "tier1_enterprises": "Tier 1",
        "tier2_tier3_enterprises": "Tiers 2, 3",
        "none": "None",
        "of": "%(part)s/%(whole)s",
        "remark": "%(name)s: %(value)s",
        "remark_target": "target %(target)s (%(period)s)",
        "remark_gap": "difference −%(gap)s%(unit)s",
        "remark_over": "difference +%(gap)s%(unit)s",
        "remark_baseline": "against %(baseline)s as published (%(day)s): %(difference)s%(unit)s",
        "points": " percentage points",
        "enterprises": " enterprises",
        "note_release": "Figures of the release “%(period)s” as frozen, not counted again; "
        "SHA-256: %(sha256)s. Prepared by %(preparer)s, %(prepared)s.",
        "note_approved": "Approved by %(approver)s on %(day)s.",
        "note_draft": "Not approved yet.",
        "note_on": "True for %(on)s, as recorded by %(known)s.",
        "note_rule": "Counting rule %(version)s%(label)s%(provisional)s: %(clauses)s",
        "provisional": " (provisional, no definition has been published)",
        "source_register": "Results: register of supporting-industry enterprises of Hanoi, "
        "counted from the very lists.",
        "source_target": "Target “%(name)s”: %(document)s. Source: %(source)s",
        "source_baseline": "Published figure “%(name)s” (%(day)s): %(source)s",
        "not_rounded": "“Reached” is at or above the lower end of the target; “about” is not "
        "rounded down.",
    },
}
