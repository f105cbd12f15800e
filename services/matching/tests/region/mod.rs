//! A small invented region for tests and benches.

use std::collections::BTreeMap;
use std::sync::Arc;

use huiyin_catalogue::Catalogue;
use huiyin_matching::{Assessor, Scope, Subject};

const FILES: [(&str, &str); 8] = [
    (
        "catalogue.toml",
        "name = \"岭北省职责目录\"\nversion = \"lingbei-1\"\neffective_from = \"2026-01-01\"\nregion = \"990000\"\n\
         [systems]\nduty_office = \"政府办\"\nstreet = \"乡镇街道\"\nzone = \"园区管委会\"\n",
    ),
    (
        "places.csv",
        "code,name,short,level,parent,aliases,effective_from,effective_to,successor,note\n\
         990000,岭北省,岭北,province,,,,,,\n\
         990100,江汀市,江汀,prefecture,990000,,,,,\n\
         990200,南屿市,南屿,prefecture,990000,,,,,\n\
         990102,东岭区,东岭,county,990100,,,,,\n\
         990121,汀西县,汀西,county,990100,,,,,\n\
         990221,柏川县,柏川,county,990200,,,,,\n\
         990102001,砚池街道,砚池,street,990102,,,,,\n\
         990121100,麦屿镇,麦屿,street,990121,,,,,\n\
         990221100,城关镇,城关,street,990221,,,,,\n\
         990121101,城关镇,城关,street,990121,,,,,\n\
         X99010001,江汀高新区,,county,990100,,,,,\n",
    ),
    (
        "systems.csv",
        "code,name,vertical,province_pattern,prefecture_pattern,county_pattern,district_pattern,bodies,parent,note\n\
         政府办,政府办公室,no,{place}人民政府办公厅,{place}人民政府办公室,{place}人民政府办公室,,政府办,,\n\
         教育,教育,no,{place}教育厅,{place}教育局,{place}教育体育局,,教育局|教体局,,\n\
         公安,公安,no,{place}公安厅,{place}公安局,{place}公安局,,公安局|派出所,,\n\
         城管,城市管理,no,,{place}城市管理局,{place}城市管理局,,城管局|城管,住建,\n\
         住建,住房和城乡建设,no,{place}住房和城乡建设厅,{place}住房和城乡建设局,{place}住房和城乡建设局,,住建局,,\n\
         房产,房产,no,,,,,房管局,住建,\n\
         生态环境,生态环境,no,{place}生态环境厅,{place}生态环境局,{place}生态环境局,,环保局,,\n\
         水利,水利,no,{place}水利厅,{place}水利局,{place}水利局,,水利局,,\n\
         税务,税务,yes,国家税务总局{place}税务局,国家税务总局{place}税务局,国家税务总局{place}税务局,,税务局,,\n\
         公积金,公积金,no,,{place}住房公积金管理中心,,,公积金中心,,\n\
         乡镇街道,乡镇街道,no,,,,,镇政府|街道办,,\n\
         园区管委会,园区,no,,,,,管委会,,\n",
    ),
    (
        "units.csv",
        "id,name,aliases,systems,place,level,parent,effective_from,effective_to,successor,documents,collective,note\n\
         990121-教育,汀西县教育体育局,汀西县教体局|县教体局,教育,990121,,,,,,,,\n\
         990121-水利,汀西县水利局,县水利局,水利,990121,,,,,,,,\n\
         990121-采砂办,汀西县河道采砂管理办公室,县采砂办,水利,990121,,990121-政府办,,,,,,\n\
         990121-政府办,汀西县人民政府办公室,县政府办,政府办,990121,,,,,,,,\n\
         990102-城管,东岭区城市管理局,区城管局,城管,990102,,,,,,,,\n\
         990102-生态环境,东岭区生态环境局,区环保局,生态环境,990102,,,,,,,,\n",
    ),
    (
        "documents.csv",
        "key,title,doc_number,issuer,issued,place,effective_from,effective_to,source\n\
         dl2026,东岭区职责分工,东府字〔2026〕1号,东岭区人民政府,2026-01-05,990102,,,invented\n",
    ),
    (
        "clauses.csv",
        "document,clause,summary,systems,lead,responsible,deadline,effective_from,effective_to\n\
         dl2026,一.1,露天烧烤的油烟治理,生态环境|城管,990102-城管,990102-生态环境,,,\n\
         dl2026,二,回应群众关切,*,/,/,,,\n",
    ),
    (
        "terms.csv",
        "term,system,weight,note\n\
         学区,教育,4,\n学校,教育,2,\n补课,教育,4.5,\n孩子,教育,1,\n\
         占道经营,城管,5,\n夜间施工,城管,4,\n垃圾,城管,3,\n路灯,城管,4,\n\
         油烟,生态环境,4,\n烧烤,城管,3.5,\n废气,生态环境,4.5,\n臭味,生态环境,3,\n\
         物业,房产,4,\n交房,房产,4,\n工地,住建,2,\n质量,住建,2,\n\
         采砂,水利,5,\n水库,水利,4,\n发票,税务,4,\n公积金,公积金,5,\n村务公开,乡镇街道,4,\n报警,公安,2,\n诈骗,公安,3,\n",
    ),
    ("elsewhere.csv", "name,code\n湖东省,980000\n湖东,980000\n云浦市,980100\n云浦,980100\n"),
];

/// An assessor of the invented region.
pub(crate) fn assessor() -> Assessor {
    let files: BTreeMap<String, Vec<u8>> =
        FILES.iter().map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec())).collect();
    Assessor::new(Arc::new(Catalogue::from_files(&files).expect("the invented catalogue is without fault")))
}

/// A post of the region on a fixed day.
pub(crate) fn post<'a>(title: &'a str, text: &'a str, place: &'a str) -> Subject<'a> {
    Subject { title, text, place, on: jiff::civil::date(2026, 11, 22), scope: Scope::Region }
}
